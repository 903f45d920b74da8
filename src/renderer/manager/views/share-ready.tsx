import { Check, CircleAlert, Code, Copy, Info, LoaderCircle, Pencil, Trash2 } from 'lucide-react'
import type { Reach, Share } from '../../../shared/api/share.ts'
import { embedCode, embedSize, minimalUrl } from '../../../shared/embed-code.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { DialogPage } from '../../ui/dialog.tsx'
import { ProgressBar } from '../../ui/progress.tsx'
import { copyLinks, deleteShares } from '../actions/shares.ts'
import { keys } from '../bridge.ts'
import { progressText } from '../file-state.ts'
import { packagingOf, useJobs } from '../state/jobs.ts'
import { useLibrary } from '../state/library.ts'
import { useShares } from '../state/shares.ts'
import { closeDialog, openDialog } from '../state/ui.ts'
import { CopyButton } from './copy-button.tsx'
import { LinkBox } from './link-box.tsx'

/** How the link came to be shown: just made and copied or not, there before, or looked up. */
export type ReadyWhy = 'copied' | 'not_copied' | 'exists' | 'shown'

const HEADINGS: Readonly<Record<ReadyWhy, string>> = {
  copied: 'Link copied',
  not_copied: 'Link ready',
  exists: 'Already shared',
  shown: 'Share',
}

const REACH: Readonly<Record<Reach, string>> = {
  loopback: 'This computer',
  lan: 'This network',
  tunnel: 'Anyone',
  domain: 'Own domain',
}

/** A share's link and all that can be done with it. `share` is as it was answered; what the engine tells later counts. */
export function ShareReady({ share: answered, why }: { share: Share; why: ReadyWhy }) {
  const share = useShares((state) => state.byId.get(answered.id)) ?? answered
  const file = useLibrary((state) => state.files.get(share.file_id))
  const title = share.title ?? 'Untitled'
  const { width = null, height = null } = file?.media_info ?? {}
  const code = embedCode({
    src: minimalUrl(share.share_url, null),
    title,
    kind: file?.media_type,
    size: embedSize({
      ...(file?.media_type === undefined ? {} : { media_type: file.media_type }),
      ...(width === null || height === null ? {} : { width, height }),
    }),
  })
  return (
    <DialogPage
      sign={<Sign status={share.status} />}
      title={<span role="status">{HEADINGS[why]}</span>}
      subtitle={`${title}, public`}
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
      <LinkBox url={share.share_url} />
      {why === 'not_copied' && (
        <p className="hint">
          The browser did not let Matinee copy the link. Select it and press {keys('C')}.
        </p>
      )}
      <Readiness share={share} />
      <Ways links={share.links} />
      <section aria-label="Embed">
        <div className="code__head">
          <span className="label">Embed</span>
          <CopyButton text={code} label="Copy code" icon={Code} look="quiet" size="s" />
        </div>
        <code className="code">{code}</code>
      </section>
    </DialogPage>
  )
}

function Ways({ links }: { links: Share['links'] }) {
  const isHereOnly = links.every(({ reach }) => reach === 'loopback')
  return (
    <>
      {links.length > 1 && (
        <ul className="reachlist" aria-label="Where the link works">
          {links.map(({ reach, url }) => (
            <li key={reach}>
              <b>{REACH[reach]}</b>
              <span className="t2 cut num grow" title={url}>
                {new URL(url).host}
              </span>
              <IconButton
                label={`Copy the link for: ${REACH[reach]}`}
                icon={Copy}
                size="s"
                onPress={() => void copyLinks([url])}
              />
            </li>
          ))}
        </ul>
      )}
      <p className="note">
        <Info className="icon" aria-hidden />
        {isHereOnly
          ? 'Opens on this computer only, while Matinee runs.'
          : 'Works while this computer is on and Matinee runs.'}
      </p>
    </>
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
      : progressText('Preparing', job?.progress ?? share.progress, job)
  const progress = job?.progress ?? share.progress
  return (
    <div className="preparing">
      <span className="small busy num">{text}</span>
      <ProgressBar
        label="Preparing"
        text={text}
        {...(share.status === 'processing' && progress !== undefined ? { value: progress } : {})}
      />
      <span className="hint">You can hand the link out now: its page waits, then plays by itself.</span>
    </div>
  )
}
