import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createDiskCache } from '../base/disk-cache.ts'
import { createLru } from '../base/lru.ts'
import type { Sample } from './fragment-writer.ts'
import { createPlaces } from './transcode-places.ts'
import type { RunListener } from './transcode-run.ts'
import { createTranscodeTrack, type TranscodeTrack } from './transcode-track.ts'
import { createTurns, type Turns } from './transcode-turns.ts'

const COUNT = 9

test('an encoder that was begun for its configuration gives way to one for what is watched', async () => {
  const { track, signal, begun } = await openTrack(async (first, { samples }, aborted) => {
    // The film's first slots take longer than anybody waits.
    if (first === 0) await new Promise((_, reject) => aborted.addEventListener('abort', reject))
    for (let slot = first; slot < COUNT; slot++) await samples([sampleOf(slot)])
  })
  expect((await track.configuration(signal)).toString()).toBe('avcC')
  expect((await track.slot(6, signal)).toString()).toBe('slot 6')
  expect(begun).toEqual([0, 6])
})

test('whoever is sent the next slots waits for the encoder at work; further on, one begins where they are', async () => {
  const isOver = Promise.withResolvers<undefined>()
  const { track, signal, begun } = await openTrack(async (first, { samples }) => {
    for (let slot = first; slot < COUNT; slot++) {
      await samples([sampleOf(slot)])
      if (slot === 2) await isOver.promise
    }
  }, 2)
  await Promise.all([0, 1].map((slot) => track.slot(slot, signal)))
  expect(begun).toEqual([0])
  await track.slot(5, signal)
  expect(begun).toEqual([0, 5])
  isOver.resolve(undefined)
})

test('in the middle of a slot an encoder that nobody waits for stands still for one that is waited for', async () => {
  const clicked = Promise.withResolvers<undefined>()
  const { track, signal, written, turns, isBegun } = await openTrack(async (first, { samples }) => {
    for (let slot = first; slot < COUNT; slot++) {
      await samples([sampleOf(slot)])
      if (slot === 0) await clicked.promise
      await samples([sampleOf(slot)])
    }
  })
  const whole = track.finish(signal, () => undefined)
  await isBegun
  const seventh = track.slot(7, signal)
  await vi.waitUntil(() => turns.isWanted({ urgency: () => 0 }))
  clicked.resolve(undefined)
  expect((await seventh).toString()).toBe('slot 7')
  expect(written[0]).toBe(7)
  await whole
  expect(new Set(written).size).toBe(COUNT)
})

type Encode = (first: number, listener: RunListener, signal: AbortSignal) => Promise<void>

type OpenTrack = {
  track: TranscodeTrack
  turns: Turns
  signal: AbortSignal
  /** Slots that encoders began at, and those that were written, in order. */
  begun: number[]
  written: number[]
  /** Resolves once an encoder is at work. */
  isBegun: Promise<undefined>
}

/** A track of nine slots on a disk of its own, made by `encode` after it has told its configuration; `atOnce` of them at a time. */
async function openTrack(encode: Encode, atOnce = 1): Promise<OpenTrack> {
  const dir = await mkdtemp(join(tmpdir(), 'matinee-track-'))
  const closing = new AbortController()
  onTestFinished(() => {
    closing.abort()
    // A slot may just be being kept.
    return rm(dir, { recursive: true, force: true, maxRetries: 5 })
  })
  const begun: number[] = []
  const written: number[] = []
  const working = Promise.withResolvers<undefined>()
  const turns = createTurns(atOnce)
  const track = createTranscodeTrack({
    ...{ key: 'it', count: COUNT, stallMs: 60_000, closing: closing.signal },
    async encode(first, listener, signal) {
      begun.push(first)
      await listener.configuration?.(Buffer.from('avcC'))
      working.resolve(undefined)
      await encode(first, listener, signal)
    },
    slotOf: ({ decodeTicks }) => decodeTicks,
    write(index) {
      written.push(index)
      return Promise.resolve(Buffer.from(`slot ${index}`))
    },
    disk: createDiskCache({ dir, maxBytes: 1e6 }),
    memory: createLru({ max: 100 }),
    ...{ turns, isLight: false, places: createPlaces(4) },
  })
  return { track, turns, signal: closing.signal, begun, written, isBegun: working.promise }
}

const sampleOf = (slot: number): Sample => ({
  ...{ data: Buffer.alloc(9), isSync: true, durationTicks: 1 },
  ...{ decodeTicks: slot, offsetTicks: 0 },
})
