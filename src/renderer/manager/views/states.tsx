import { RefreshCw, Unplug, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'

type EmptyStateProps = {
  icon?: LucideIcon
  picture?: ReactNode
  title: string
  children: ReactNode
  actions?: ReactNode
  /** It is all there is on the page. */
  isPage?: boolean
}

/** A screen with nothing on it: why, and the one thing to do next. */
export function EmptyState({ icon: Icon, picture, title, children, actions, isPage }: EmptyStateProps) {
  const Title = isPage ? 'h1' : 'h2'
  return (
    <div className="empty">
      <div className="empty__in">
        {picture}
        {Icon && (
          <span className="empty__icon">
            <Icon className="icon" aria-hidden />
          </span>
        )}
        <Title className="empty__title">{title}</Title>
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
