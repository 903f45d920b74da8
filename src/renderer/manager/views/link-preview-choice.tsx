import { Label, RadioButton, RadioField, RadioGroup } from 'react-aria-components'
import type { LinkPreview } from '../../../shared/api/share.ts'
import { LONGEST_CARD_FILM_S } from '../../../shared/card-film.ts'

/** From showing nothing to showing all. */
const CHOICES: readonly (readonly [choice: LinkPreview, label: string])[] = [
  ['none', 'Nothing'],
  ['full', 'Title and picture'],
  ['player', 'A card that plays'],
]
const rankOf = (choice: LinkPreview): number => CHOICES.findIndex(([it]) => it === choice)

const NONE = 'Just the link. What it is about, members see once they sign in.'
const FULL = 'Whoever has the link can see title, description and one picture without signing in.'
const PLAYER =
  'Whoever has the link can watch it in small without signing in, and see title, description and a picture.'
const LONG = `${FULL} A film that plays is at most a minute long; this is longer.`
const TAKEN_BACK = 'The card ends at once; a chat may keep what it has shown.'

type LinkPreviewChoiceProps = {
  value: LinkPreview
  onChange: (value: LinkPreview) => void
  /** Of what is shared; undefined while it is not known. */
  durationS: number | null | undefined
  /** What is shown by now. */
  present?: LinkPreview
}

/** What strangers see of a private share where its link is posted. */
export function LinkPreviewChoice({ value, onChange, durationS, present = value }: LinkPreviewChoiceProps) {
  const isLong = (durationS ?? 0) > LONGEST_CARD_FILM_S
  const told = { none: NONE, full: FULL, player: isLong ? LONG : PLAYER }[value]
  return (
    <RadioGroup
      className="segmented-field"
      orientation="horizontal"
      value={value}
      onChange={(chosen) => onChange(chosen as LinkPreview)}
    >
      <Label className="label">What chats show of its link</Label>
      <div className="segmented">
        {CHOICES.map(([choice, label]) => (
          <RadioField key={choice} value={choice} className="segmented__field">
            <RadioButton className="segmented__item">{label}</RadioButton>
          </RadioField>
        ))}
      </div>
      <p className="hint field__hint">
        {told} {rankOf(value) < rankOf(present) && TAKEN_BACK}
      </p>
    </RadioGroup>
  )
}
