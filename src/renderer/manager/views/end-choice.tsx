import { useState } from 'react'
import {
  FieldError,
  Input,
  Label,
  RadioButton,
  RadioField,
  RadioGroup,
  TextField,
} from 'react-aria-components'
import { endOf, timeLeftText, type EndChoice } from '../share-end.ts'
import { whenText } from '../text.ts'

/** What was chosen, with the text of the date field. */
export type End = { choice: EndChoice; typed: string }

const CHOICES: readonly (readonly [choice: EndChoice, label: string])[] = [
  ['never', 'Never'],
  ['1', '1 day'],
  ['7', '7 days'],
  ['30', '30 days'],
  ['date', 'On a date'],
]

type EndChoiceProps = {
  value: End
  onChange: (value: End) => void
  /** The end that the share has already, Unix ms. */
  present?: number | undefined
}

/** When a share ends: a few lengths side by side, or a date; the end that it has can stay. */
export function EndChoiceField({ value, onChange, present }: EndChoiceProps) {
  const [now] = useState(() => Date.now())
  const { choice, typed } = value
  const isWrong = choice === 'date' && typed !== '' && endOf(choice, typed, now) === undefined
  const all: typeof CHOICES =
    present === undefined ? CHOICES : [['as_it_is', timeLeftText(present, now)], ...CHOICES]
  return (
    <div className="fit">
      <RadioGroup
        className="segmented-field"
        orientation="horizontal"
        value={choice}
        onChange={(chosen) => onChange({ choice: chosen as EndChoice, typed })}
      >
        <Label className="label">Ends</Label>
        <div className="segmented">
          {all.map(([it, label]) => (
            <RadioField key={it} value={it} className="segmented__field">
              <RadioButton className="segmented__item">{label}</RadioButton>
            </RadioField>
          ))}
        </div>
        {choice === 'as_it_is' && present !== undefined && (
          <p className="hint field__hint">Until {whenText(present, now)}</p>
        )}
      </RadioGroup>
      {choice === 'date' && (
        <TextField
          className="field"
          value={typed}
          onChange={(text) => onChange({ choice, typed: text })}
          isInvalid={isWrong}
          autoFocus
        >
          <Label className="label">Works until</Label>
          <Input className="input num" type="datetime-local" />
          {isWrong && <FieldError className="field__error">That time is over.</FieldError>}
        </TextField>
      )}
    </div>
  )
}
