import { Check, CircleAlert, LoaderCircle, Pencil, ShieldCheck, Trash2 } from 'lucide-react'
import type { Share } from '../../../shared/api/share.ts'
import { Button } from '../../ui/button.tsx'
import { DialogPage } from '../../ui/dialog.tsx'
import { ProgressBar } from '../../ui/progress.tsx'
import { deleteShares } from '../actions/shares.ts'
import { keys } from '../bridge.ts'
import { progressText, workText } from '../file-state.ts'
import { packagingOf, useJobs } from '../state/jobs.ts'
import { useLibrary } from '../state/library.ts'
import { useShares } from '../state/shares.ts'
import { closeDialog, openDialog } from '../state/ui.ts'
import { OtherKind } from './other-kind.tsx'
import { EmbedCode, PageLinks, WhereNote } from './page-links.tsx'
import { PrivateLinks } from './private-links.tsx'

/** How a share came to be shown: just made, its link copied or not; there before; or looked up. */
export type ReadyWhy = 'copied' | 'not_copied' | 'exists' | 'shown'

const HEADINGS: Readonly<Record<ReadyWhy, string>> = {
  copied: 'Link copied',
  not_copied: 'Link ready',
  exists: 'Already shared',
  shown: 'Share',
}

const NOT_COPIED = `The browser did not let Matinee copy the link. Select it and press ${keys('C')}.`

/** A share's link and all that can be done with it. `share` is as it was answered; what the engine tells later counts. */
export function ShareReady({ share: answered, why }: { share: Share; why: ReadyWhy }) {
  const share = useShares((state) => state.byId.get(answered.id)) ?? answered
  const isPublic = share.visibility === 'public'
  return (
    <DialogPage
      sign={<Sign status={share.status} />}
      title={<span role="status">{HEADINGS[why]}</span>}
      subtitle={`${share.title ?? 'Untitled'}, ${share.visibility}`}
      onClose={closeDialog}
      footer={
        <>
          <Button
            look="danger"
            icon={Trash2}
            onPress={() => {
              closeDialog()
              void deleteShares([share.id])
            }}
          >
            Delete
          </Button>
          <span className="grow" />
          <Button
            look="quiet"
            icon={Pencil}
            onPress={() => openDialog({ kind: 'share-edit', shareId: share.id })}
          >
            Edit
          </Button>
          <Button onPress={closeDialog}>Done</Button>
        </>
      }
    >
      <PageLinks share={share} hint={why === 'not_copied' ? NOT_COPIED : null} />
      <Readiness share={share} />
      {!isPublic && <PrivateLinks share={share} />}
      <WhereNote links={share.links} />
      {isPublic && !share.password_protected && <EmbedCode share={share} />}
      <OtherKind share={share} />
      <CheckRow shareId={share.id} />
    </DialogPage>
  )
}

function CheckRow({ shareId }: { shareId: string }) {
  return (
    <div className="other">
      <ShieldCheck className="icon" aria-hidden />
      <span className="grow">Does it let in who it should, and nobody else?</span>
      <Button look="quiet" size="s" onPress={() => openDialog({ kind: 'share-check', shareId })}>
        Check this share
      </Button>
    </div>
  )
}

function Sign({ status }: { status: Share['status'] }) {
  const [Icon, tone] = {
    completed: [Check, ''] as const,
    pending: [LoaderCircle, 'done--busy'] as const,
    processing: [LoaderCircle, 'done--busy'] as const,
    failed: [CircleAlert, 'done--fail'] as const,
  }[status]
  return (
    <span className={`done ${tone}`}>
      <Icon className="icon" aria-hidden />
    </span>
  )
}

function Readiness({ share }: { share: Share }) {
  const job = useJobs((state) => packagingOf(state, share.file_id))
  const file = useLibrary((state) => state.files.get(share.file_id))
  if (share.status === 'completed') return null
  if (share.status === 'failed') {
    return (
      <p className="error" role="alert">
        <CircleAlert className="icon" aria-hidden />
        {share.failure?.message ?? 'This share failed.'}
      </p>
    )
  }
  const text =
    share.status === 'pending'
      ? 'Waiting for the file to be read'
      : progressText(workText(job, file), job?.progress ?? share.progress, job)
  const progress = job?.progress ?? share.progress
  const plays = (file?.delivery ?? 'remux') !== 'remux'
  return (
    <div className="preparing">
      <span className="small busy num">{text}</span>
      <ProgressBar
        label="Preparing"
        text={text}
        {...(share.status === 'processing' && progress !== undefined ? { value: progress } : {})}
      />
      <span className="hint">
        {share.visibility === 'public'
          ? `You can hand the link out now: its page ${plays ? 'plays while the rest is converted' : 'waits, then plays by itself'}.`
          : 'Its stream and download links appear here once it is ready.'}
      </span>
    </div>
  )
}
