import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EngineEvent } from '../../shared/events.ts'
import { openStore, type Store } from '../store/store.ts'
import { createAuth, type Auth } from './auth.ts'

/** The whole of auth for a test, over a store of its own, with a clock that the test turns. */
export type TestAuth = Auth & {
  store: Store
  events: EngineEvent[]
  /** Unix ms. */
  clock: { now: number }
  /** All that the database file and its log hold, as text. */
  onDisk: () => string
  /** The same over the same store, as after a restart. */
  restarted: () => Auth
  close: () => void
}

/** Starts it. */
export function startTestAuth(): TestAuth {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-auth-'))
  const file = join(folder, 'matinee.db')
  const store = openStore(file)
  const events: EngineEvent[] = []
  const clock = { now: Date.UTC(2026, 10, 28) }
  const make = (): Auth =>
    createAuth({
      store,
      apiKeys: [],
      bases: () => [
        { reach: 'domain', url: 'https://video.example.org' },
        { reach: 'loopback', url: 'http://127.0.0.1:4401' },
      ],
      emit: (event) => events.push(event),
      now: () => clock.now,
    })
  return {
    ...make(),
    ...{ store, events, clock, restarted: make },
    onDisk: () => [file, `${file}-wal`].map((it) => readFileSync(it, 'latin1')).join('\n'),
    close() {
      store.close()
      rmSync(folder, { recursive: true })
    },
  }
}
