import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createDiskCache } from '../base/disk-cache.ts'
import { createLru } from '../base/lru.ts'
import { createPlaces } from './transcode-places.ts'
import { createTranscodeTrack } from './transcode-track.ts'
import { createTurns } from './transcode-turns.ts'

test('an encoder that was begun for its configuration gives way to one for what is watched', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'matinee-track-'))
  const closing = new AbortController()
  const { signal } = closing
  onTestFinished(() => {
    closing.abort()
    // A slot may just be being kept.
    return rm(dir, { recursive: true, force: true, maxRetries: 5 })
  })
  const begun: number[] = []
  const track = createTranscodeTrack({
    ...{ key: 'it', count: 9, stallMs: 60_000, closing: signal },
    async encode(first, { configuration, samples }, aborted) {
      begun.push(first)
      await configuration?.(Buffer.from('avcC'))
      // The film's first slots take longer than anybody waits.
      if (first === 0) await new Promise((_, reject) => aborted.addEventListener('abort', reject))
      for (let slot = first; slot < 9; slot++) {
        await samples([{ ...{ data: Buffer.alloc(9), isSync: true, durationTicks: 1 }, ...at(slot) }])
      }
    },
    slotOf: ({ decodeTicks }) => decodeTicks,
    write: (index) => Promise.resolve(Buffer.from(`slot ${index}`)),
    disk: createDiskCache({ dir, maxBytes: 1e6 }),
    memory: createLru({ max: 100 }),
    ...{ turns: createTurns(1), places: createPlaces(4) },
  })
  expect((await track.configuration(signal)).toString()).toBe('avcC')
  expect((await track.slot(6, signal)).toString()).toBe('slot 6')
  expect(begun).toEqual([0, 6])
})

const at = (slot: number): { decodeTicks: number; offsetTicks: number } => ({
  decodeTicks: slot,
  offsetTicks: 0,
})
