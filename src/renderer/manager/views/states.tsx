import { RefreshCw, Unplug, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'

type EmptyStateProps = {
  icon?: LucideIcon
  picture?: ReactNode
  title: string
  children: ReactNode
  actions?: ReactNode
}

/** A screen with nothing on it: why, and the one thing to do next. */
export function EmptyState({ icon: Icon, picture, title, children, actions }: EmptyStateProps) {
  return (
    <div className="empty">
      <div className="empty__in">
        {picture}
        {Icon && (
          <span className="empty__icon">
            <Icon className="icon" aria-hidden />
          </span>
        )}
        <h2>{title}</h2>
        <p>{children}</p>
        {actions !== undefined && <div className="empty__acts">{actions}</div>}
      </div>
    </div>
  )
}

/** A list that could not be read. */
export function LoadFailure({ sentence, onRetry }: { sentence: string; onRetry: () => void }) {
  return (
    <EmptyState
      icon={Unplug}
      title="This could not be read"
      actions={
        <Button look="primary" size="l" icon={RefreshCw} onPress={onRetry}>
          Try again
        </Button>
      }
    >
      {sentence}
    </EmptyState>
  )
}
