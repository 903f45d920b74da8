import { Link2Off, Link as LinkIcon } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { HOME } from '../place.ts'
import type { ShareFilter } from '../state/shares.ts'
import { goTo } from '../state/ui.ts'
import { EmptyState, NothingFound } from './states.tsx'

/** Why a row of the rail has no share, while others have. */
const REASONS: Readonly<Record<ShareFilter, string>> = {
  all: '',
  public: 'All shares are private.',
  private: 'All shares are public. A private one is made where files are shared.',
  processing: 'Nothing is being prepared now.',
  failed: 'All shares are in order.',
}

/** What stands where a list of shares has none. */
export function SharesEmpty({
  filter,
  search,
  hasAny,
}: {
  filter: ShareFilter
  search: string
  hasAny: boolean
}) {
  if (search.trim() !== '') {
    return (
      <NothingFound search={search}>
        No share {filter === 'all' ? '' : 'here '}has this in its title.
      </NothingFound>
    )
  }
  if (hasAny) {
    return (
      <EmptyState
        icon={Link2Off}
        title={filter === 'failed' ? 'No share has failed' : 'No shares here'}
        actions={
          <Button size="l" onPress={() => goTo({ kind: 'shares', filter: 'all' })}>
            Show all shares
          </Button>
        }
      >
        {REASONS[filter]}
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={LinkIcon}
      title="No shares yet"
      actions={
        <Button look="primary" size="l" onPress={() => goTo(HOME)}>
          Choose a file
        </Button>
      }
    >
      Select a file in the library and press Share. Its link plays from this computer at once.
    </EmptyState>
  )
}
