import { useEffect, useState } from 'react'
import { readMembers } from '../actions/members.ts'
import { api } from '../api.ts'
import { PasswordField, passwordError } from '../settings/password-field.tsx'
import { useMembers } from '../state/members.ts'

/** The owner's own password for share pages, as a form asks for it along the way. */
export type OwnerPassword = {
  value: string
  onChange: (value: string) => void
  /** True while the owner has none. */
  isWanted: boolean
  /** What is wrong with what was typed; null when nothing is, or nothing was typed. */
  error: string | null
  /** Sets it, when one was typed. Throws `ApiError`. */
  save: () => Promise<void>
}

/** Asks for the owner's password while `isAsking` and as long as there is none. */
export function useOwnerPassword(isAsking: boolean): OwnerPassword {
  const members = useMembers((state) => state.members)
  const [value, onChange] = useState('')
  useEffect(() => {
    // Not known is not asked: it can be set in the settings as well.
    if (isAsking) readMembers().catch(() => undefined)
  }, [isAsking])
  const isWanted = isAsking && members !== null && !members.some((it) => it.role === 'owner')
  return {
    ...{ value, onChange, isWanted },
    error: isWanted ? passwordError(value) : null,
    async save() {
      if (isWanted && value !== '')
        await api.members.create({ name: 'Owner', password: value, role: 'owner' })
    },
  }
}

/** The field for it. */
export function OwnerPasswordField({ owner }: { owner: OwnerPassword }) {
  if (!owner.isWanted) return null
  return (
    <PasswordField
      label="Your password for share pages"
      value={owner.value}
      onChange={owner.onChange}
      hint="Private shares open to people who sign in. On other devices that is you as well, as “Owner”, with this password. It can be set later, in Settings under Members."
      isOptional
    />
  )
}
