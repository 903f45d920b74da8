import { ChevronDown, Timer } from 'lucide-react'
import { Button as AriaButton, Disclosure, DisclosurePanel } from 'react-aria-components'
import { EndChoiceField, type End } from './end-choice.tsx'
import { SharePassword, type PasswordChange } from './share-password.tsx'

/** Under which conditions a new share works. */
export type Conditions = { end: End; password: PasswordChange }

/** No conditions: it works until it is deleted, for whoever it is meant for. */
export const NO_CONDITIONS: Conditions = {
  end: { choice: 'never', typed: '' },
  password: { kind: 'stays' },
}

type ShareConditionsProps = {
  value: Conditions
  onChange: (value: Conditions) => void
  /** Members sign in with passwords of their own. */
  isPublic: boolean
}

/** End and password of a new share, folded until somebody wants them: most shares have neither. */
export function ShareConditions({ value, onChange, isPublic }: ShareConditionsProps) {
  return (
    <Disclosure className="fold-out">
      <AriaButton slot="trigger" className="fold-out__head">
        <Timer className="icon" aria-hidden />
        <span className="grow">{isPublic ? 'An end, or a password' : 'An end'}</span>
        <ChevronDown className="icon fold-out__arrow" aria-hidden />
      </AriaButton>
      <DisclosurePanel>
        <div className="stack fold-out__in">
          <EndChoiceField value={value.end} onChange={(end) => onChange({ ...value, end })} />
          {isPublic && (
            <SharePassword
              isProtected={false}
              value={value.password}
              onChange={(password) => onChange({ ...value, password })}
            />
          )}
        </div>
      </DisclosurePanel>
    </Disclosure>
  )
}
