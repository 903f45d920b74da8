import { Globe, Lock } from 'lucide-react'
import { Label, RadioButton, RadioField, RadioGroup } from 'react-aria-components'
import type { Visibility } from '../../../shared/api/share.ts'
import { VISIBILITY } from '../share-text.ts'

const KINDS: readonly Visibility[] = ['public', 'private']
const ICONS = { public: Globe, private: Lock }

type VisibilityChoiceProps = {
  value: Visibility
  onChange: (value: Visibility) => void
  /** What each kind means here, in a sentence or two. */
  texts: Readonly<Record<Visibility, string>>
}

/** Two cards that say who will be able to watch; what is chosen stays for good, and that is said too. */
export function VisibilityChoice({ value, onChange, texts }: VisibilityChoiceProps) {
  return (
    <RadioGroup
      className="choice"
      value={value}
      onChange={(chosen) => onChange(chosen === 'private' ? 'private' : 'public')}
    >
      <Label className="label">Who can watch</Label>
      <div className="choice__cards">
        {KINDS.map((kind) => {
          const Icon = ICONS[kind]
          return (
            <RadioField key={kind} value={kind} className="choice__field">
              <RadioButton className="choice__card">
                <b>
                  <Icon className="icon" aria-hidden />
                  {VISIBILITY[kind]}
                  <span className="choice__dot" aria-hidden />
                </b>
                <span>{texts[kind]}</span>
              </RadioButton>
            </RadioField>
          )
        })}
      </div>
      <p className="hint">Fixed once created. A share of the other kind can be added at any time.</p>
    </RadioGroup>
  )
}
