import { useState, type SubmitEvent } from 'react'
import type { Share } from '../../../shared/api/share.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { api, sentenceOf } from '../api.ts'
import { endOf } from '../share-end.ts'
import { useShares } from '../state/shares.ts'
import { toast } from '../state/toasts.ts'
import { closeDialog } from '../state/ui.ts'
import { EndChoiceField, type End } from './end-choice.tsx'
import { LinkPreviewChoice } from './link-preview-choice.tsx'
import { SharePassword, type PasswordChange } from './share-password.tsx'
import { Field, submitByKey } from './text-fields.tsx'

const FORM = 'share-edit-form'

/** Changes title, description and conditions of a share, and what chats show of a private one. */
export function ShareEditDialog({ shareId }: { shareId: string }) {
  const share = useShares((state) => state.byId.get(shareId))
  return share ? <EditForm share={share} /> : null
}

function EditForm({ share }: { share: Share }) {
  const [title, setTitle] = useState(share.title ?? '')
  const [description, setDescription] = useState(share.description ?? '')
  const [end, setEnd] = useState<End>({
    choice: share.expires_at === undefined ? 'never' : 'as_it_is',
    typed: '',
  })
  const [preview, setPreview] = useState(share.link_preview)
  const [password, setPassword] = useState<PasswordChange>({ kind: 'stays' })
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)

  const save = async (): Promise<void> => {
    const expiresAt = end.choice === 'as_it_is' ? share.expires_at : endOf(end.choice, end.typed, Date.now())
    if (end.choice === 'date' && expiresAt === undefined) {
      setFailure('Choose a date that is still to come.')
      return
    }
    setBusy(true)
    setFailure(null)
    try {
      await api.shares.update(share.id, {
        title: title.trim(),
        description: description.trim(),
        ...(preview === share.link_preview ? {} : { link_preview: preview }),
        ...(end.choice === 'as_it_is' || (expiresAt ?? undefined) === share.expires_at
          ? {}
          : { expires_at: expiresAt ?? null }),
        ...(password.kind === 'goes' ? { password: null } : {}),
        ...(password.kind === 'becomes' && password.password !== '' ? { password: password.password } : {}),
      })
      toast('Saved', { tone: 'ok' })
      closeDialog()
    } catch (error) {
      setBusy(false)
      setFailure(sentenceOf(error))
    }
  }
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (!isBusy && title.trim() !== '') void save()
  }

  return (
    <Dialog
      title="Edit share"
      onClose={closeDialog}
      footer={
        <>
          <span className="grow" />
          <Button look="quiet" onPress={closeDialog}>
            Cancel
          </Button>
          <Button look="primary" type="submit" form={FORM} isBusy={isBusy} isDisabled={title.trim() === ''}>
            Save
          </Button>
        </>
      }
    >
      <form id={FORM} className="stack" onSubmit={submit} onKeyDown={submitByKey}>
        <Field
          label="Title"
          value={title}
          onChange={setTitle}
          autoFocus
          maxLength={500}
          error={title.trim() === '' ? 'A share needs a title.' : null}
        />
        <Field
          label="Description"
          isOptional
          rows={4}
          value={description}
          onChange={setDescription}
          maxLength={10_000}
        />
        <EndChoiceField value={end} onChange={setEnd} present={share.expires_at} />
        {share.visibility === 'private' && (
          <LinkPreviewChoice
            value={preview}
            onChange={setPreview}
            durationS={share.duration_seconds}
            present={share.link_preview}
          />
        )}
        {share.visibility === 'public' && (
          <SharePassword isProtected={share.password_protected} value={password} onChange={setPassword} />
        )}
        <p className="hint">The link stays the same. Its page shows the change when it is loaded again.</p>
        {failure !== null && (
          <p className="error" role="alert">
            {failure}
          </p>
        )}
      </form>
    </Dialog>
  )
}
