import type { File } from '../../../shared/api/file.ts'
import { clockText } from '../../../shared/media-text.ts'
import type { Stretch } from '../clip/marks.ts'
import { lengthText, tenthsCode } from '../clip/times.ts'
import { Poster } from './poster.tsx'

type SubjectProps = {
  file: File
  /** The part of it that is meant; null for all of it. */
  stretch: Stretch | null
  name?: string | undefined
  /** What else there is to say, in a word or a sentence. */
  note: string
}

/** The head of a dialog about one file: its picture, its name, and how much of it is meant. */
export function Subject({ file, stretch, name = file.filename, note }: SubjectProps) {
  return (
    <div className="subject">
      <span className="subject__poster">
        <Poster file={file} />
      </span>
      <div className="grow">
        <b className="cut" title={file.filename}>
          {name}
        </b>
        <span className="small t2 num">{extentText(stretch, file.media_info.duration_seconds)}</span>
        <span className="small t3">{note}</span>
      </div>
    </div>
  )
}

function extentText(stretch: Stretch | null, wholeS: number | null): string {
  if (!stretch) return `Whole file${wholeS === null ? '' : `, ${clockText(wholeS)}`}`
  const { startS, endS } = stretch
  return `Only ${tenthsCode(startS)} – ${tenthsCode(endS)}, ${lengthText(endS - startS)}`
}
