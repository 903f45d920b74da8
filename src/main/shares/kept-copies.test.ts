import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MediaIndex, MediaInfo } from '../../shared/media.ts'
import { createLog } from '../base/log.ts'
import type { Playable } from '../media/playable.ts'
import { readIdentity } from '../media/source.ts'
import { createKeptCopies, type KeptCopies } from './kept-copies.ts'
import { startNeighbours, type TestNeighbours } from './testing.ts'

const MiB = 2 ** 20
const MEDIA: MediaInfo = {
  ...{ container: 'MP4', demuxer: 'mov', reader: 'mediabunny', durationS: 10, bitrate: null },
  ...{ video: null, audio: [], title: null },
}
const INDEX: MediaIndex = {
  ...{ keyTimesS: [], openGop: false, startS: 0, endS: 10, reorderS: 0, videoTimescale: 0 },
}
const never = new AbortController().signal
const ignore = (): void => undefined

let folder: string
let kept: string
let source: Playable
let neighbours: TestNeighbours
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'matinee-kept-'))
  kept = join(folder, 'kept')
  mkdirSync(kept)
  const path = join(folder, 'film.mp4')
  writeFileSync(path, Buffer.alloc(6 * MiB, 'film'))
  source = {
    ...{ fingerprint: 'a-film', path, identity: await readIdentity(path) },
    ...{ media: MEDIA, index: INDEX, packager: 'remux' },
  }
  neighbours = startNeighbours(() => 0)
})
afterEach(() => {
  neighbours.close()
  rmSync(folder, { recursive: true })
})

type Deps = Parameters<typeof createKeptCopies>[0]

const isUnused = (): Promise<never> => Promise.reject(new Error('nobody asks for this here'))

/** Kept copies over a real store and folder; what makes films is `writeFilm`. */
const copiesWith = (writeFilm: Deps['writeFilm'] = isUnused): KeptCopies =>
  createKeptCopies({
    ...{ store: neighbours.store, dir: kept, log: createLog({ level: 'silent' }), closing: never, writeFilm },
    jobs: { add: (spec) => spec.run({ id: 'job', signal: never, progress: ignore }) },
    playable: async (_fileId, window) => ({ ...source, ...(window ? { window } : {}) }),
    nameOf: () => 'film.mp4',
    prepare: isUnused,
    examine: isUnused,
    findSideCars: async () => [],
    thumbnails: { find: isUnused, make: isUnused },
    stills: { find: isUnused },
  })

const nothingIsLeft = (): void => {
  expect(readdirSync(kept)).toEqual([])
  expect(neighbours.store.keptCopies.keys()).toEqual([])
}

test('a copy of a part that finds the disk full in the middle says so, and leaves nothing', async () => {
  const copies = copiesWith((_film, path) => {
    writeFileSync(path, 'half of it')
    return Promise.reject(Object.assign(new Error('write'), { code: 'ENOSPC' }))
  })
  const copy = copies.keep({ fileId: 'a', window: { startS: 1, endS: 2 } }, never, ignore)
  await expect(copy).rejects.toMatchObject({ code: 'disk_full' })
  nothingIsLeft()
})

test('so does a copy of a whole file, and there is one as soon as there is room', async ({ skip }) => {
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0
  skip(!isRoot || !mount(), 'only root may mount a small disk on Linux')
  try {
    const filler = join(kept, 'filler')
    const fill = (): void => {
      if (!existsSync(filler)) writeFileSync(filler, Buffer.alloc(freeBytes() - MiB))
    }
    const copies = copiesWith()
    await expect(copies.keep({ fileId: 'a', window: null }, never, fill)).rejects.toMatchObject({
      code: 'disk_full',
    })
    rmSync(filler)
    nothingIsLeft()
    const key = await copies.keep({ fileId: 'a', window: null }, never, ignore)
    expect(copies.find(key)).toMatchObject({ bytes: 6 * MiB })
  } finally {
    execFileSync('umount', [kept])
  }
})

/** A disk that has room for the copy, beside what must stay free on it. */
function mount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=80m', 'tmpfs', kept], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function freeBytes(): number {
  const { bavail, bsize } = statfsSync(kept)
  return bavail * bsize
}
