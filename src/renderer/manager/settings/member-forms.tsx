import { useState } from 'react'
import type { MemberRole, NewInvite } from '../../../shared/api/member.ts'
import { api } from '../api.ts'
import { toast } from '../state/toasts.ts'
import { useTask } from '../use-task.ts'
import { Field } from '../views/text-fields.tsx'
import { SmallForm } from './parts.tsx'
import { PasswordField, passwordError } from './password-field.tsx'

/** Adds a member by name and password, or the owner's own sign-in. */
export function MemberForm({ role, onDone }: { role: MemberRole; onDone: () => void }) {
  const isOwner = role === 'owner'
  const [name, setName] = useState(isOwner ? 'Owner' : '')
  const [password, setPassword] = useState('')
  const { isBusy, failure, run } = useTask()
  const save = (): void =>
    void run(async () => {
      await api.members.create({ name: name.trim(), password, role })
      toast(isOwner ? 'You can sign in on share pages now.' : `${name.trim()} can sign in now.`, {
        tone: 'ok',
      })
      onDone()
    })
  return (
    <SmallForm
      title={isOwner ? 'Your own sign-in on share pages' : 'Add a member'}
      submit={isOwner ? 'Save' : 'Add'}
      isBusy={isBusy}
      isDisabled={name.trim() === '' || password === '' || passwordError(password) !== null}
      failure={failure}
      onSubmit={save}
      onCancel={onDone}
    >
      <Field label="Name" value={name} onChange={setName} autoFocus={!isOwner} maxLength={100} />
      <PasswordField
        value={password}
        onChange={setPassword}
        autoFocus={isOwner}
        hint={isOwner ? '8 characters or more.' : '8 characters or more. Tell it to them yourself.'}
      />
    </SmallForm>
  )
}

/** Makes a link by which one person becomes a member. */
export function InviteForm({
  onMade,
  onCancel,
}: {
  onMade: (invite: NewInvite) => void
  onCancel: () => void
}) {
  const [name, setName] = useState('')
  const { isBusy, failure, run } = useTask()
  return (
    <SmallForm
      title="Invite somebody by a link"
      submit="Make the link"
      isBusy={isBusy}
      isDisabled={false}
      failure={failure}
      onSubmit={() =>
        void run(async () => {
          onMade(await api.invites.create(name.trim() === '' ? {} : { name: name.trim() }))
        })
      }
      onCancel={onCancel}
    >
      <Field
        label="Name"
        isOptional
        value={name}
        onChange={setName}
        autoFocus
        maxLength={100}
        hint="They choose a password, and may change the name. The link works once, within 7 days."
      />
    </SmallForm>
  )
}
