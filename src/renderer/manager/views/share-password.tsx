import { Lock } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { PasswordField } from '../settings/password-field.tsx'

/** What becomes of the password of a share: it stays, goes, or is this one; an empty one is none. */
export type PasswordChange = { kind: 'stays' } | { kind: 'goes' } | { kind: 'becomes'; password: string }

type SharePasswordProps = {
  /** Whether the share has one already. */
  isProtected: boolean
  value: PasswordChange
  onChange: (value: PasswordChange) => void
}

/** The password that the page of a public share asks for. The one that it has cannot be shown. */
export function SharePassword({ isProtected, value, onChange }: SharePasswordProps) {
  if (isProtected && value.kind !== 'becomes') {
    const goes = value.kind === 'goes'
    return (
      <div className="other">
        <Lock className="icon" aria-hidden />
        <span className="grow" role="status">
          {goes ? 'The password is taken away when you save.' : 'Its page asks for a password.'}
        </span>
        {goes ? (
          <Button size="s" look="quiet" onPress={() => onChange({ kind: 'stays' })}>
            Keep it
          </Button>
        ) : (
          <>
            <Button size="s" look="quiet" onPress={() => onChange({ kind: 'becomes', password: '' })}>
              Change
            </Button>
            <Button size="s" look="danger" onPress={() => onChange({ kind: 'goes' })}>
              Remove
            </Button>
          </>
        )}
      </div>
    )
  }
  return (
    <PasswordField
      value={value.kind === 'becomes' ? value.password : ''}
      onChange={(password) => onChange({ kind: 'becomes', password })}
      error={() => null}
      hint={
        isProtected
          ? 'Leave it empty to keep the one it has. A new one is asked for again from everybody.'
          : 'Its page asks for it before it plays. Hand it out apart from the link.'
      }
      isOptional
      autoFocus={isProtected}
    />
  )
}
