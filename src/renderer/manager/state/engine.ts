import { create } from 'zustand'
import type { Health } from '../../../shared/api/system.ts'

/** `lost`: no answer, tried again by itself. `signed_out`: it runs, but does not know this window any more. */
export type Connection = 'connecting' | 'live' | 'lost' | 'signed_out'

/** How this window stands with the engine. */
export type EngineState = { connection: Connection; health: Health | null }

/** The engine; written by `sync` alone. */
export const useEngine = create<EngineState>()(() => ({ connection: 'connecting', health: null }))

/** Where links to shares work, in words, and the address they begin with. */
export function shareAddress(health: Health): { reach: string; sentence: string; url: string; host: string } {
  const url = health.public_url ?? health.share_url
  const { host, pathname } = new URL(url)
  const shown = `${host}${pathname.replace(/\/$/, '')}`
  return health.public_url === undefined
    ? {
        reach: 'This computer only',
        sentence: 'Links open on this computer.',
        url,
        host: shown,
      }
    : {
        reach: 'Own domain',
        sentence: 'Links begin with the address that Matinee was started with.',
        url,
        host: shown,
      }
}
