import { CircleAlert, type LucideIcon } from 'lucide-react'
import type { ReactNode, SubmitEvent } from 'react'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../views/copy-button.tsx'

/** What went wrong, in a sentence; nothing when all is well. */
export function Failure({ text }: { text: string | null }) {
  if (text === null) return null
  return (
    <p className="error" role="alert">
      <CircleAlert className="icon" aria-hidden />
      {text}
    </p>
  )
}

type RowProps = {
  icon?: LucideIcon
  name: string
  line: string
  badge?: string
  /** What can be done with it; in its place, a question that has to be answered first. */
  children?: ReactNode
}

/** A row of a list in the settings. */
export function Row({ icon: Icon, name, line, badge, children }: RowProps) {
  return (
    <li className="set-row">
      <span className="set-row__sign" aria-hidden>
        {Icon ? <Icon className="icon" /> : (Array.from(name)[0]?.toUpperCase() ?? '')}
      </span>
      <span className="set-row__words">
        <b className="cut" title={name}>
          {name}
        </b>
        <span className="small t3 num" title={line}>
          {line}
        </span>
      </span>
      {badge !== undefined && <span className="set-row__badge">{badge}</span>}
      {children}
    </li>
  )
}

type ConfirmProps = {
  question: string
  label: string
  isBusy: boolean
  onConfirm: () => void
  onCancel: () => void
}

/** Asks in place of a row before something is taken away. */
export function ConfirmRow({ question, label, isBusy, onConfirm, onCancel }: ConfirmProps) {
  return (
    <li className="set-row set-row--ask">
      <span className="set-row__words" role="alert">
        {question}
      </span>
      <Button size="s" look="quiet" autoFocus onPress={onCancel}>
        Cancel
      </Button>
      <Button size="s" look="danger" isBusy={isBusy} onPress={onConfirm}>
        {label}
      </Button>
    </li>
  )
}

type FormProps = {
  title: string
  children: ReactNode
  submit: string
  isBusy: boolean
  isDisabled: boolean
  failure: string | null
  onSubmit: () => void
  onCancel: () => void
}

/** A small form between the lists. */
export function SmallForm({ title, children, submit, onSubmit, onCancel, ...state }: FormProps) {
  return (
    <form
      className="set-box"
      aria-label={title}
      onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
        event.preventDefault()
        if (!state.isBusy && !state.isDisabled) onSubmit()
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        // The form is left, not the settings.
        event.stopPropagation()
        onCancel()
      }}
    >
      <b>{title}</b>
      {children}
      <Failure text={state.failure} />
      <div className="set-box__acts">
        <Button look="quiet" onPress={onCancel}>
          Cancel
        </Button>
        <Button look="primary" type="submit" isBusy={state.isBusy} isDisabled={state.isDisabled}>
          {submit}
        </Button>
      </div>
    </form>
  )
}

/** A secret that is shown this once: copied here, or never again. */
export function ShownOnce({
  title,
  secret,
  children,
  onDone,
}: {
  title: string
  secret: string
  children: ReactNode
  onDone: () => void
}) {
  return (
    <section className="set-box" aria-label={title}>
      <b role="status">{title}</b>
      <code className="code">{secret}</code>
      <p className="hint">{children}</p>
      <div className="set-box__acts">
        <Button look="quiet" onPress={onDone}>
          Done
        </Button>
        <CopyButton text={secret} label="Copy" look="primary" autoFocus />
      </div>
    </section>
  )
}
