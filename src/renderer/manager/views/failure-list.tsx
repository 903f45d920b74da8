import { useLibrary } from '../state/library.ts'

/** The files of a run that failed, each with its reason. */
export function FailureList({ failures }: { failures: readonly { fileId: string; reason: string }[] }) {
  const files = useLibrary((state) => state.files)
  if (failures.length === 0) return null
  return (
    <ul className="failures" aria-label="What failed">
      {failures.map(({ fileId, reason }) => (
        <li key={fileId}>
          <b className="cut">{files.get(fileId)?.filename ?? 'A file'}</b>
          <span className="small t2">{reason}</span>
        </li>
      ))}
    </ul>
  )
}
