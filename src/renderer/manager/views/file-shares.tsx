import { CircleAlert, Copy, ExternalLink, Globe, LoaderCircle, Lock, Pencil, Trash2, X } from 'lucide-react'
import type { Share } from '../../../shared/api/share.ts'
import { IconButton, IconLink } from '../../ui/button.tsx'
import { ProgressBar } from '../../ui/progress.tsx'
import { copyLinks } from '../actions/links.ts'
import { deleteShares } from '../actions/shares.ts'
import { lengthText } from '../clip/times.ts'
import { progressText, workText } from '../file-state.ts'
import { conditionTexts } from '../share-end.ts'
import { copyLabel, VISIBILITY } from '../share-text.ts'
import { packagingOf, useJobs } from '../state/jobs.ts'
import { useLibrary } from '../state/library.ts'
import { useShares } from '../state/shares.ts'
import { openDialog } from '../state/ui.ts'
import { countOf, titleOf, whenText } from '../text.ts'
import { useNow } from '../use-now.ts'

const NONE: readonly string[] = []

/** The shares of the file that the inspector shows. */
export function FileShares({ fileId }: { fileId: string }) {
  const ids = useShares((state) => state.byFile.get(fileId) ?? NONE)
  if (ids.length === 0) return null
  return (
    <section>
      <h3>Shares of this file</h3>
      <ul>
        {ids.map((id) => (
          <FileShare key={id} id={id} />
        ))}
      </ul>
    </section>
  )
}

function FileShare({ id }: { id: string }) {
  const share = useShares((state) => state.byId.get(id))
  const job = useJobs((state) => (share ? packagingOf(state, share.file_id) : undefined))
  const file = useLibrary((state) => state.files.get(share?.file_id ?? ''))
  const now = useNow()
  if (!share) return null
  const isPublic = share.visibility === 'public'
  const kind = VISIBILITY[share.visibility]
  const isUnderWay = share.status === 'processing'
  const Icon = {
    pending: LoaderCircle,
    processing: LoaderCircle,
    completed: isPublic ? Globe : Lock,
    failed: CircleAlert,
  }[share.status]
  const tone = { pending: 'busy', processing: 'busy', completed: 't3', failed: 'fail' }[share.status]
  const state = stateText(share, () =>
    progressText(workText(job, file), job?.progress ?? share.progress, job),
  )
  // A title of its own tells more than what every share of a file is.
  const isNamed = share.title !== undefined && share.title !== titleOf(file?.filename ?? '')
  const what = whatOf(share)
  const title = isNamed ? share.title : `${kind}, ${what.toLowerCase()}`
  const line =
    share.status === 'completed'
      ? [
          ...(isNamed ? [kind, ...(share.file_segment_id === undefined ? [] : [what.toLowerCase()])] : []),
          ...(isPublic ? [countOf(share.view_count, 'view')] : []),
          ...(share.keep_copy ? ['copy kept'] : []),
          ...conditionTexts(share, now),
          whenText(share.created_at, now),
        ].join(' · ')
      : state
  return (
    <li className="mini-row">
      <Icon className={`icon ${share.status === 'completed' ? '' : tone}`} aria-hidden />
      <span className="mini-row__text">
        <span className="cut" title={title}>
          {title}
        </span>
        <span className={`small num cut ${tone}`} title={line}>
          {line}
        </span>
        {isUnderWay && <ProgressBar label={line} value={job?.progress ?? share.progress ?? 0} text={line} />}
      </span>
      <IconButton label={copyLabel([share])} icon={Copy} size="s" onPress={() => void copyLinks([share])} />
      {isPublic && <IconLink label="Open share page" href={share.share_url} icon={ExternalLink} size="s" />}
      <IconButton
        label="Edit share"
        icon={Pencil}
        size="s"
        onPress={() => openDialog({ kind: 'share-edit', shareId: id })}
      />
      <IconButton
        label={isUnderWay ? 'Cancel and delete share' : 'Delete share'}
        icon={isUnderWay ? X : Trash2}
        size="s"
        onPress={() => void deleteShares([id])}
      />
    </li>
  )
}

/** What of its file a share gives: `Whole file`, `Clip, 12.0 s`. */
export function whatOf({ file_segment_id: segmentId, duration_seconds: durationS }: Share): string {
  if (segmentId === undefined) return 'Whole file'
  return durationS === undefined ? 'Clip' : `Clip, ${lengthText(durationS)}`
}

/** What a share is at, in words. `preparing` is asked for while it is being prepared. */
export function stateText(share: Share, preparing: () => string): string {
  switch (share.status) {
    case 'pending':
      return 'Waiting for its file to be read'
    case 'processing':
      return preparing()
    case 'completed':
      return 'Ready'
    case 'failed':
      return share.failure?.message ?? 'It failed.'
  }
}
