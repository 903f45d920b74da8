import { createContext, useContext } from 'react'
import type { Sync } from './state/sync.ts'

/** The one who follows the engine, for what the screen needs to see. */
export const SyncContext = createContext<Sync | null>(null)

/** The sync of this window. */
export function useSync(): Sync {
  const sync = useContext(SyncContext)
  if (!sync) throw new Error('no sync above this component')
  return sync
}
