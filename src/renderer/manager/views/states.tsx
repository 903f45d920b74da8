import { RefreshCw, SearchX, Unplug, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { searchFor } from '../state/ui.ts'

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

/** Most characters of a search that its empty screen repeats. */
const MOST_REPEATED = 60

/** A search that found nothing, and the way out of it. */
export function NothingFound({ search, children }: { search: string; children: ReactNode }) {
  const words = search.trim()
  return (
    <EmptyState
      icon={SearchX}
      title={`Nothing found for “${words.length > MOST_REPEATED ? `${words.slice(0, MOST_REPEATED)}…` : words}”`}
      actions={
        <Button size="l" onPress={() => searchFor('')}>
          Clear search
        </Button>
      }
    >
      {children}
    </EmptyState>
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
