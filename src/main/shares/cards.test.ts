import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { CreateShare } from '../../shared/api/share.ts'
import { aFile } from '../store/testing.ts'
import { createShares, type Shares } from './shares.ts'
import { startNeighbours, type TestNeighbours } from './testing.ts'

let neighbours: TestNeighbours
let shares: Shares
/** Films that are being made: each hangs until it is ended. */
let making: AbortSignal[]
beforeEach(() => {
  vi.useFakeTimers()
  making = []
  neighbours = startNeighbours(() => 1_700_000_000_000)
  shares = createShares({
    ...neighbours.deps,
    cardFilms: {
      find: async () => null,
      make: (_opened, signal) => {
        making.push(signal)
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error))
        })
      },
    },
  })
})
afterEach(() => {
  shares.close()
  neighbours.close()
  vi.useRealTimers()
})

/** A share of a film of so many seconds. */
async function share(durationS: number, more: Partial<CreateShare> = {}) {
  const file = aFile()
  neighbours.store.files.insert({ ...file, media: file.media && { ...file.media, durationS } })
  return shares.create({ file_id: file.id, ...more })
}
/** How many films are under way by now. */
const underWay = async (): Promise<number> => {
  await vi.advanceTimersByTimeAsync(10_000)
  return making.filter((it) => !it.aborted).length
}

test('a public share of a minute or less has its film made, unless it is taken back at once', async () => {
  await share(60)
  await share(61)
  const gone = await share(10)
  shares.remove(gone.id)
  expect(await underWay()).toBe(1)
  expect(making).toHaveLength(1)
})

test('a private one has it made when its owner has it shown, and ended when no more', async () => {
  const { id } = await share(10, { visibility: 'private' })
  expect(await underWay()).toBe(0)
  await shares.update(id, { link_preview: 'full' })
  expect(await underWay()).toBe(0)
  await shares.update(id, { link_preview: 'player' })
  expect(await underWay()).toBe(1)
  await shares.update(id, { link_preview: 'none' })
  expect(await underWay()).toBe(0)
  expect(making[0]?.reason).toMatchObject({ code: 'not_found' })
})

test('what is made for a share ends when that gets a password, or is deleted, and whoever waits is told', async () => {
  const locked = await share(10)
  const gone = await share(10)
  expect(await underWay()).toBe(2)
  const waits = expect(shares.makeCardFilm(gone.id)).rejects.toMatchObject({ code: 'not_found' })
  await shares.update(locked.id, { password: 'a word' })
  shares.remove(gone.id)
  await waits
  expect(await underWay()).toBe(0)
  await expect(shares.makeCardFilm(locked.id)).rejects.toMatchObject({ code: 'password_required' })
})

test('the card of a private share names nothing of a part that somebody asks for', async () => {
  const hidden = await share(30, { visibility: 'private', link_preview: 'player' })
  const part = { clip_start: 1, clip_end: 3 }
  expect(shares.card(hidden.id, part)).toEqual(shares.card(hidden.id))
  const open = await share(300)
  expect(shares.card(open.id)).not.toHaveProperty('film')
  expect(shares.card(open.id, part).film?.url).toMatch(
    /^https:\/\/video\.example\.org\/card-film\/m1\..*\.mp4$/,
  )
})
