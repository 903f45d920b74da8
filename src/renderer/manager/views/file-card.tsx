import { AudioLines, Check, CircleAlert, FileX, Globe, LoaderCircle, Lock } from 'lucide-react'
import type { File } from '../../../shared/api/file.ts'
import type { Share } from '../../../shared/api/share.ts'
import { clockText, durationText } from '../../../shared/media-text.ts'
import { lineOf, type FileLine } from '../file-state.ts'
import { jobOf, packagingOf, useJobs } from '../state/jobs.ts'
import { useLibrary } from '../state/library.ts'
import { shareOf, useShares } from '../state/shares.ts'
import { hasStoryboard } from '../storyboards.ts'
import { countText, resolutionText } from '../text.ts'
import { CardScrub } from './card-scrub.tsx'
import { Poster } from './poster.tsx'

/** A file in the grid: its picture with badges, its name, and what is going on with it. */
export function FileCard({ index }: { index: number }) {
  const file = useLibrary(({ ids, files }) => files.get(ids[index] ?? ''))
  const open = useShares((state) => shareOf(state, file?.id ?? '', 'public'))
  const hidden = useShares((state) => shareOf(state, file?.id ?? '', 'private'))
  const job = useJobs((state) =>
    file ? (packagingOf(state, file.id) ?? jobOf(state, file.id, 'ingest')) : undefined,
  )
  if (!file) return <Skeleton />
  const line = lineOf(file, open ?? hidden, job)
  const { duration_seconds: durationS } = file.media_info
  return (
    <>
      <Poster file={file}>
        {durationS !== null && hasStoryboard(file) && <CardScrub file={file} durationS={durationS} />}
        <span className="poster__tl">
          {file.missing ? (
            <span className="badge badge--media">
              <FileX className="icon" aria-hidden />
              Missing
            </span>
          ) : (
            <ShareBadge
              open={open?.status === 'failed' ? undefined : open}
              hidden={hidden?.status === 'failed' ? undefined : hidden}
            />
          )}
        </span>
        <span className="card__check" data-check aria-hidden>
          <Check className="icon" />
        </span>
        <span className="poster__bl">
          <KindBadge file={file} />
        </span>
        <span className="poster__br">
          {durationS !== null && (
            <span className="badge badge--media">
              <span aria-hidden>{clockText(durationS)}</span>
              <span className="vh">{durationText(durationS)}</span>
            </span>
          )}
        </span>
        {(line.kind === 'preparing' || line.kind === 'reading') && line.progress !== undefined && (
          <span
            className="poster__progress"
            role="progressbar"
            aria-label={line.kind === 'reading' ? 'Reading' : 'Preparing'}
            aria-valuenow={Math.round(line.progress * 100)}
            aria-valuetext={line.text}
          >
            <i style={{ transform: `scaleX(${line.progress})` }} />
          </span>
        )}
      </Poster>
      <span className="card__name cut" title={file.filename}>
        {file.filename}
      </span>
      <CardLine line={line} />
    </>
  )
}

/** How a file is shared; views are those of its public link. */
function ShareBadge({ open, hidden }: { open: Share | undefined; hidden: Share | undefined }) {
  if (!open && !hidden) return null
  const kinds = [open && 'publicly', hidden && 'privately'].filter((it) => it !== undefined)
  return (
    <span className="badge badge--media">
      {open && <Globe className="icon" aria-hidden />}
      {hidden && <Lock className="icon" aria-hidden />}
      <span className="vh">Shared {kinds.join(' and ')}</span>
      {open && (
        <span>
          <span className="vh">, </span>
          {countText(open.view_count)}
          <span className="vh"> views</span>
        </span>
      )}
    </span>
  )
}

function KindBadge({ file }: { file: File }) {
  if (file.status === 'pending' || file.status === 'processing') {
    return (
      <span className="badge badge--media">
        <LoaderCircle className="icon" aria-hidden />
        {file.status === 'pending' ? 'Waiting' : 'Reading'}
      </span>
    )
  }
  if (file.media_type === 'audio') {
    return (
      <span className="badge badge--media">
        <AudioLines className="icon" aria-hidden />
        Audio
      </span>
    )
  }
  const resolution = resolutionText(file.media_info.width, file.media_info.height)
  return resolution === null ? null : <span className="badge badge--media">{resolution}</span>
}

function CardLine({ line }: { line: FileLine }) {
  switch (line.kind) {
    case 'facts':
      return (
        <span className="card__meta num">
          {line.parts.map((part) => (
            <span key={part}>{part}</span>
          ))}
        </span>
      )
    case 'reading':
      return <span className="card__meta num cut">{line.text}</span>
    case 'preparing':
      return <span className="card__meta num busy cut">{line.text}</span>
    case 'missing':
      return <span className="card__meta">Not where it was</span>
    case 'failed':
      return (
        <span className="card__meta fail" title={line.text}>
          <CircleAlert className="icon icon--s" aria-hidden />
          <span className="cut">{line.text}</span>
        </span>
      )
  }
}

/** The place of a file that is still being asked for; the same size as a card. */
export function Skeleton() {
  return (
    <>
      <span className="poster skeleton" />
      <span className="card__name">
        <span className="skeleton card__line" />
        <span className="vh">Loading</span>
      </span>
      <span className="card__meta">
        <span className="skeleton card__wait" />
      </span>
    </>
  )
}
