import type { KeyboardEvent } from 'react'
import { FieldError, Input, Label, TextArea, TextField } from 'react-aria-components'

type FieldProps = {
  label: string
  value: string
  onChange: (value: string) => void
  hint?: string
  placeholder?: string
  error?: string | null
  isOptional?: boolean
  autoFocus?: boolean
  maxLength?: number
}

/** A field of one line, or of `rows`, with its label, a hint and what is wrong with it. */
export function Field({ rows, ...props }: FieldProps & { rows?: number }) {
  const { label, value, onChange, hint, placeholder, error, isOptional, autoFocus, maxLength } = props
  const common = {
    className: 'input',
    ...(placeholder === undefined ? {} : { placeholder }),
    spellCheck: false,
  }
  return (
    <TextField
      className="field"
      value={value}
      onChange={onChange}
      isInvalid={Boolean(error)}
      autoFocus={autoFocus === true}
      {...(maxLength === undefined ? {} : { maxLength })}
    >
      <Label className="label">
        {label} {isOptional && <span className="t3">optional</span>}
      </Label>
      {rows === undefined ? <Input {...common} /> : <TextArea {...common} rows={rows} />}
      {error ? (
        <FieldError className="field__error">{error}</FieldError>
      ) : (
        hint !== undefined && <p className="hint field__hint">{hint}</p>
      )}
    </TextField>
  )
}

/** Submits a form by Ctrl or ⌘ with Enter, from a field too where Enter alone makes a new line. */
export function submitByKey(event: KeyboardEvent<HTMLFormElement>): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
  event.preventDefault()
  event.currentTarget.requestSubmit()
}
