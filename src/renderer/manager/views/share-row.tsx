import {
  CircleAlert,
  Copy,
  ExternalLink,
  FileX,
  Globe,
  LoaderCircle,
  Lock,
  Pencil,
  Trash2,
} from 'lucide-react'
import type { File } from '../../../shared/api/file.ts'
import type { Share } from '../../../shared/api/share.ts'
import { clockText } from '../../../shared/media-text.ts'
import { IconButton, IconLink } from '../../ui/button.tsx'
import { ProgressBar } from '../../ui/progress.tsx'
import { copyLinks } from '../actions/links.ts'
import { deleteShares } from '../actions/shares.ts'
import { progressText, workText } from '../file-state.ts'
import { timeLeftText } from '../share-end.ts'
import { copyLabel, VISIBILITY } from '../share-text.ts'
import { packagingOf, useJobs } from '../state/jobs.ts'
import { useLibrary } from '../state/library.ts'
import { openDialog } from '../state/ui.ts'
import { countText, whenText } from '../text.ts'
import { useNow } from '../use-now.ts'
import { Poster } from './poster.tsx'
import { stateText, whatOf } from './file-shares.tsx'

/** The cells of a share in the list. Its buttons are in the tab order while the row has the keyboard. */
export function ShareRow({ share, isFocusable }: { share: Share; isFocusable: boolean }) {
  const file = useLibrary((state) => state.files.get(share.file_id))
  const now = useNow()
  const { duration_seconds: durationS } = share
  const isClip = share.file_segment_id !== undefined
  const kind = isClip ? whatOf(share) : file?.media_type === 'audio' ? 'Audio' : 'Whole file'
  const title = share.title ?? 'Untitled'
  const outOfTab = { excludeFromTabOrder: !isFocusable }
  return (
    <>
      <span role="gridcell" className="tr__title">
        <span className="thumb">
          <Poster file={file} />
        </span>
        <span className="tr__words">
          <span className="name cut" title={title}>
            {title}
          </span>
          <span className="small t3 cut num" title={file?.filename}>
            {kind}
            {!isClip && durationS !== undefined && ` · ${clockText(durationS)}`}
          </span>
        </span>
      </span>
      <span role="gridcell">
        <Who visibility={share.visibility} />
      </span>
      <span role="gridcell">
        <State share={share} file={file} />
      </span>
      <span role="gridcell" className="right num">
        {share.status === 'completed' ? countText(share.view_count) : '–'}
      </span>
      <span role="gridcell" className="dim num">
        {whenText(share.created_at, now)}
      </span>
      <span role="gridcell" className="tr__acts">
        <IconButton
          {...outOfTab}
          label={`${copyLabel([share])} of ${title}`}
          icon={Copy}
          onPress={() => void copyLinks([share])}
        />
        {share.visibility === 'public' && (
          <IconLink {...outOfTab} label={`Open ${title}`} href={share.share_url} icon={ExternalLink} />
        )}
        <IconButton
          {...outOfTab}
          label={`Edit ${title}`}
          icon={Pencil}
          onPress={() => openDialog({ kind: 'share-edit', shareId: share.id })}
        />
        <IconButton
          {...outOfTab}
          label={`Delete ${title}`}
          icon={Trash2}
          onPress={() => void deleteShares([share.id])}
        />
      </span>
    </>
  )
}

function Who({ visibility }: Pick<Share, 'visibility'>) {
  const Icon = visibility === 'public' ? Globe : Lock
  return (
    <span className="state">
      <Icon className="icon" aria-hidden />
      {VISIBILITY[visibility]}
    </span>
  )
}

function State({ share, file }: { share: Share; file: File | undefined }) {
  const now = useNow()
  const job = useJobs((state) => packagingOf(state, share.file_id))
  const text = stateText(share, () => progressText(workText(job, file), job?.progress ?? share.progress, job))
  if (share.status === 'processing') {
    return (
      <span className="tr__progress">
        <span className="small busy num cut">{text}</span>
        <ProgressBar label="Preparing" value={job?.progress ?? share.progress ?? 0} text={text} />
      </span>
    )
  }
  if (share.status === 'failed') {
    return (
      <span className="state fail" title={text}>
        <CircleAlert className="icon" aria-hidden />
        <span className="cut">{text}</span>
      </span>
    )
  }
  if (file?.missing && !share.keep_copy) {
    return (
      <span className="state" title="The file is not where it was. The link works again once it is back.">
        <FileX className="icon" aria-hidden />
        <span className="cut">File is missing</span>
      </span>
    )
  }
  if (share.status === 'pending') {
    return (
      <span className="state busy" title={text}>
        <LoaderCircle className="icon" aria-hidden />
        <span className="cut">Waiting for its file</span>
      </span>
    )
  }
  const isOver = share.expires_at !== undefined && share.expires_at <= now
  const line = [
    share.expires_at === undefined ? 'Ready' : timeLeftText(share.expires_at, now),
    ...(share.keep_copy ? ['copy kept'] : []),
  ].join(', ')
  return (
    <span className={isOver ? 'state t3' : 'state'} title={line}>
      {share.password_protected && <Lock className="icon" role="img" aria-label="Asks for a password" />}
      <span className="cut">{line}</span>
    </span>
  )
}
