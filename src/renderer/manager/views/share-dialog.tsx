import { Globe, Monitor } from 'lucide-react'
import { useState, type SubmitEvent } from 'react'
import type { File } from '../../../shared/api/file.ts'
import type { LinkPreview, Share, Visibility } from '../../../shared/api/share.ts'
import type { Health } from '../../../shared/api/system.ts'
import { Button } from '../../ui/button.tsx'
import { copyText } from '../../ui/copy-text.ts'
import { DialogPage, DialogShell } from '../../ui/dialog.tsx'
import { createShare } from '../actions/shares.ts'
import { api, ApiError, sentenceOf } from '../api.ts'
import { verdictOf } from '../file-state.ts'
import { endOf } from '../share-end.ts'
import { shareAddress, useEngine } from '../state/engine.ts'
import { useLibrary } from '../state/library.ts'
import { shareOf, useShares } from '../state/shares.ts'
import { closeDialog, type Part } from '../state/ui.ts'
import { titleOf } from '../text.ts'
import { OwnerPasswordField, useOwnerPassword } from './owner-password.tsx'
import { NO_CONDITIONS, ShareConditions } from './share-conditions.tsx'
import { ShareReady, type ReadyWhy } from './share-ready.tsx'
import { KeepChoice, neededBytes } from './keep-choice.tsx'
import { LinkPreviewChoice } from './link-preview-choice.tsx'
import { Subject } from './subject.tsx'
import { Field, submitByKey } from './text-fields.tsx'
import { VisibilityChoice } from './visibility-choice.tsx'

const FORM = 'share-form'
const WHO = {
  public: 'Anyone with the link, no sign-in. Chats show a card with the picture.',
  private: 'Members only, once they sign in on its page. You choose what chats show of it.',
}

type ShareDialogProps = { fileId: string; visibility: Visibility; part?: Part | undefined }

/**
 * Makes a share of a file or of a part of it: a form that turns into its link in place. `visibility` is what is chosen
 * at first.
 */
export function ShareDialog({ fileId, visibility, part }: ShareDialogProps) {
  const file = useLibrary((state) => state.files.get(fileId))
  const [made, setMade] = useState<{ share: Share; why: ReadyWhy } | null>(null)
  if (!made && !file) return null
  return (
    <DialogShell onClose={closeDialog}>
      {made ? (
        <ShareReady share={made.share} why={made.why} />
      ) : (
        file && (
          <ShareForm
            {...{ file, part, first: visibility }}
            onMade={(share, why) => setMade({ share, why })}
          />
        )
      )}
    </DialogShell>
  )
}

type FormProps = {
  file: File
  part: Part | undefined
  first: Visibility
  onMade: (share: Share, why: ReadyWhy) => void
}

function ShareForm({ file, part, first, onMade }: FormProps) {
  const health = useEngine((state) => state.health)
  const givenTitle = part?.name ?? titleOf(file.filename)
  const [title, setTitle] = useState(givenTitle)
  const [description, setDescription] = useState('')
  const [visibility, setVisibility] = useState(first)
  const existing = useShares((state) =>
    part && part.segmentId === undefined ? undefined : shareOf(state, file.id, visibility, part?.segmentId),
  )
  const [keeps, setKeeps] = useState(false)
  const [preview, setPreview] = useState<LinkPreview>('none')
  const [conditions, setConditions] = useState(NO_CONDITIONS)
  const owner = useOwnerPassword(visibility === 'private')
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)

  const create = async (): Promise<void> => {
    if (existing) {
      onMade(existing, 'exists')
      return
    }
    const { end, password } = conditions
    const expiresAt = end.choice === 'as_it_is' ? null : endOf(end.choice, end.typed, Date.now())
    if (expiresAt === undefined) {
      setFailure('Choose a date that is still to come.')
      return
    }
    setBusy(true)
    setFailure(null)
    try {
      await owner.save()
      const share = await createShare(file.id, part, {
        visibility,
        // Left as it is, the title follows the name of the file or the segment.
        ...(title.trim() === '' || title === givenTitle ? {} : { title: title.trim() }),
        ...(visibility === 'private' ? { link_preview: preview } : {}),
        ...(keeps ? { keep_copy: true } : {}),
        ...(expiresAt === null ? {} : { expires_at: expiresAt }),
        ...(visibility === 'public' && password.kind === 'becomes' && password.password !== ''
          ? { password: password.password }
          : {}),
        ...(description.trim() === '' ? {} : { description: description.trim() }),
      })
      onMade(share, (await copyText(share.share_url)) ? 'copied' : 'not_copied')
    } catch (error) {
      const taken = error instanceof ApiError ? error.shareId : undefined
      try {
        if (taken === undefined) throw error
        onMade(await api.shares.get(taken), 'exists')
      } catch (reason) {
        setBusy(false)
        setFailure(sentenceOf(reason))
      }
    }
  }
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (!isBusy && (existing || owner.error === null)) void create()
  }

  const { title: verdict } = verdictOf(file)
  return (
    <DialogPage
      title={part ? 'Share clip' : 'Share'}
      onClose={closeDialog}
      footer={
        <>
          {health ? <OpensAt health={health} /> : <span className="grow" />}
          <Button look="quiet" onPress={closeDialog}>
            Cancel
          </Button>
          <Button look="primary" type="submit" form={FORM} isBusy={isBusy}>
            <span>
              {existing ? 'Show share' : visibility === 'public' ? 'Create link' : 'Create private share'}
            </span>
            <kbd className="kbd" aria-hidden>
              Enter
            </kbd>
          </Button>
        </>
      }
    >
      <form id={FORM} className="stack" onSubmit={submit} onKeyDown={submitByKey}>
        <Subject file={file} stretch={part ?? null} note={verdict} />
        <Field label="Title" value={title} onChange={setTitle} autoFocus maxLength={500} />
        <Field
          label="Description"
          isOptional
          rows={2}
          value={description}
          onChange={setDescription}
          maxLength={10_000}
        />
        <VisibilityChoice value={visibility} onChange={setVisibility} texts={WHO} />
        {!existing && visibility === 'private' && (
          <LinkPreviewChoice
            value={preview}
            onChange={setPreview}
            durationS={part ? part.endS - part.startS : file.media_info.duration_seconds}
          />
        )}
        {!existing && <KeepChoice isOn={keeps} onChange={setKeeps} bytes={neededBytes(file, part)} />}
        {!existing && <OwnerPasswordField owner={owner} />}
        {!existing && (
          <ShareConditions value={conditions} onChange={setConditions} isPublic={visibility === 'public'} />
        )}
        {existing && (
          <p className="hint" role="status">
            This {part ? 'clip' : 'file'} is shared {visibility === 'public' ? 'publicly' : 'privately'}{' '}
            already. That share is shown instead, with its own title.
          </p>
        )}
        {failure !== null && (
          <p className="error" role="alert">
            {failure}
          </p>
        )}
      </form>
    </DialogPage>
  )
}

function OpensAt({ health }: { health: Health }) {
  const Icon = health.public_url === undefined ? Monitor : Globe
  return (
    <span className="state grow">
      <Icon className="icon" aria-hidden />
      <span className="cut">
        {health.public_url === undefined
          ? 'Opens on this computer only'
          : `Opens at ${shareAddress(health).host}`}
      </span>
    </span>
  )
}
