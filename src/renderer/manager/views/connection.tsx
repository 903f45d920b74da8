import { LogOut, RefreshCw, Unplug } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { useEngine } from '../state/engine.ts'
import { useSync } from '../use-sync.ts'
import { EmptyState } from './states.tsx'

/** A line that is back within this time was never missed, in ms. */
const PATIENCE_MS = 1_000

/** Says that the engine does not answer, over whatever is shown: it stays readable meanwhile. */
export function ConnectionBanner() {
  const isLost = useEngine((state) => state.connection === 'lost')
  return isLost ? <Banner /> : null
}

function Banner() {
  const sync = useSync()
  const [isShown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [])
  if (!isShown) return null
  return (
    <div className="banner" role="alert">
      <Unplug className="icon fail" aria-hidden />
      <span className="grow">
        <b>Matinee is not running.</b> Start it again: links open then, and this window goes on by itself.
      </span>
      <Button size="s" icon={RefreshCw} onPress={sync.retry}>
        Try again
      </Button>
    </div>
  )
}

/** The screen of a window that the engine does not know any more. */
export function SignedOut() {
  return (
    <main className="alone">
      <EmptyState
        isPage
        icon={LogOut}
        title="This window is signed out"
        actions={
          <Button look="primary" size="l" icon={RefreshCw} onPress={() => location.reload()}>
            Try again
          </Button>
        }
      >
        Open Matinee by the link that is printed where it was started, or run <code>npx matinee open</code>{' '}
        for a new one.
      </EmptyState>
    </main>
  )
}
