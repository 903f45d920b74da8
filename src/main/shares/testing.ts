import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EngineEvent } from '../../shared/events.ts'
import { createLog } from '../base/log.ts'
import { openStore, type Store } from '../store/store.ts'
import type { SharesDeps } from './deps.ts'

/** What shares live on in a test: a store of its own, and neighbours who say yes at once. */
export type TestNeighbours = { store: Store; deps: SharesDeps; events: EngineEvent[]; close: () => void }

export const TEST_SECRET = Buffer.alloc(32, 1)

/** Makes them; `now` is the clock of the shares, in ms. */
export function startNeighbours(now: () => number): TestNeighbours {
  const dir = mkdtempSync(join(tmpdir(), 'matinee-shares-'))
  const store = openStore(join(dir, 'matinee.db'))
  const events: EngineEvent[] = []
  const deps: SharesDeps = {
    store,
    secret: TEST_SECRET,
    bases: () => [
      { reach: 'domain', url: 'https://video.example.org' },
      { reach: 'loopback', url: 'http://127.0.0.1:4401' },
    ],
    checkSource: async () => undefined,
    subtitles: async () => [],
    isReady: async () => true,
    canDecode: () => true,
    guests: {
      passOf: () => undefined,
      hashPassword: async (password) => `hash of ${password}`,
      isPassword: async ({ passwordHash }, password) => passwordHash === `hash of ${password}`,
      begin: () => 'a-session',
      lock: () => undefined,
    },
    prepare: async () => undefined,
    copies: {
      assertRoom: async () => undefined,
      keep: async () => 'a-copy',
      find: () => undefined,
      sweep: async () => undefined,
    },
    cardFilms: { find: async () => null, make: async () => '/film.mp4' },
    emit: (event) => events.push(event),
    log: createLog({ level: 'silent' }),
    now,
  }
  return {
    ...{ store, deps, events },
    close() {
      store.close()
      rmSync(dir, { recursive: true })
    },
  }
}
