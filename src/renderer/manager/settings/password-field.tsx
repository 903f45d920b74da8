import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { FieldError, Input, Label, TextField } from 'react-aria-components'
import { IconButton } from '../../ui/button.tsx'

/** Least characters of a member's password. */
const LEAST = 8

/** What is wrong with a member's password; null when nothing is, or nothing was typed. */
export const passwordError = (password: string): string | null =>
  password !== '' && password.length < LEAST ? 'A password has 8 characters or more.' : null

type PasswordFieldProps = {
  label?: string
  value: string
  onChange: (value: string) => void
  hint: string
  /** What is wrong with it, told when the field is left. */
  error?: (password: string) => string | null
  isOptional?: boolean
  autoFocus?: boolean
}

/** A field for a new password, which can be looked at: it is typed once. */
export function PasswordField(props: PasswordFieldProps) {
  const { label = 'Password', value, onChange, hint, error = passwordError, isOptional, autoFocus } = props
  const [isShown, setShown] = useState(false)
  const [wasLeft, setLeft] = useState(false)
  const wrong = wasLeft ? error(value) : null
  return (
    <TextField
      className="field"
      type={isShown ? 'text' : 'password'}
      value={value}
      onChange={onChange}
      onBlur={() => setLeft(true)}
      isInvalid={wrong !== null}
      autoFocus={autoFocus === true}
      maxLength={1000}
    >
      <Label className="label">
        {label} {isOptional && <span className="t3">optional</span>}
      </Label>
      <span className="password">
        <Input className="input" autoComplete="new-password" spellCheck={false} />
        <IconButton
          label={isShown ? 'Hide the password' : 'Show the password'}
          icon={isShown ? EyeOff : Eye}
          pressed={isShown}
          onPress={() => setShown(!isShown)}
        />
      </span>
      {wrong === null ? (
        <p className="hint field__hint">{hint}</p>
      ) : (
        <FieldError className="field__error">{wrong}</FieldError>
      )}
    </TextField>
  )
}
