import { useState } from 'react'
import { Input, Label, TextField } from 'react-aria-components'
import { parseTime, timeCode } from '../clip/times.ts'

type TimeFieldProps = {
  label: string
  /** Seconds; null where nothing is marked, which `empty` says in words. */
  value: number | null
  empty: string
  isInvalid: boolean
  /** Hears what was typed, in seconds; null when it is no time. */
  onType: (seconds: number | null) => void
  /** What was typed is given up. */
  onLeave: () => void
}

/** A time that can be typed: what stands there counts when the field is left or Enter is pressed. */
export function TimeField({ label, value, empty, isInvalid, onType, onLeave }: TimeFieldProps) {
  const shown = value === null ? '' : timeCode(value)
  const [typed, setTyped] = useState<string | null>(null)
  const take = (): void => {
    if (typed === null) return
    if (typed.trim() !== shown && typed.trim() !== '') onType(parseTime(typed))
    setTyped(null)
  }
  return (
    <TextField
      className="time-field"
      value={typed ?? shown}
      onChange={setTyped}
      isInvalid={isInvalid}
      onBlur={take}
    >
      <Label className="label">{label}</Label>
      <Input
        className="input num"
        placeholder={empty}
        inputMode="decimal"
        spellCheck={false}
        onFocus={(event) => event.currentTarget.select()}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take()
          else if (event.key === 'Escape' && typed !== null) {
            setTyped(null)
            onLeave()
          } else return
          event.preventDefault()
          event.stopPropagation()
        }}
      />
    </TextField>
  )
}
