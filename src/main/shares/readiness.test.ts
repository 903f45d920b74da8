import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AppError } from '../base/errors.ts'
import type { Store } from '../store/store.ts'
import { aFile } from '../store/testing.ts'
import type { SharesDeps } from './deps.ts'
import { createShares, type Shares } from './shares.ts'
import { startNeighbours, type TestNeighbours } from './testing.ts'

let neighbours: TestNeighbours
let store: Store
let shares: Shares
let clock: number
let deps: SharesDeps

beforeEach(() => {
  clock = 1_700_000_000_000
  neighbours = startNeighbours(() => clock)
  ;({ store, deps } = neighbours)
  shares = createShares(deps)
})
afterEach(() => {
  shares.close()
  neighbours.close()
})

/** Starts the service anew with other neighbours, as a restart would. */
function restartWith(over: Partial<SharesDeps>): void {
  shares.close()
  shares = createShares({ ...deps, ...over })
}

const put = (packager: string): string => {
  const file = aFile({ packager })
  store.files.insert(file)
  return file.id
}

test('a share that must be prepared shows its progress and completes', async () => {
  const gate = Promise.withResolvers<undefined>()
  restartWith({
    isReady: async () => false,
    async prepare(_wanted, _signal, progress) {
      progress(0.5)
      await gate.promise
    },
  })
  const share = await shares.create({ file_id: put('packaged') })
  await vi.waitUntil(() => shares.get(share.id, {}).progress === 0.5)
  expect(shares.get(share.id, {})).toMatchObject({ status: 'processing' })
  expect(await shares.playback(share.id)).toMatchObject({ status: 'processing', progress: 0.5 })
  expect((await shares.playback(share.id)).stream_url).toBeUndefined()
  gate.resolve(undefined)
  await vi.waitUntil(() => shares.get(share.id, {}).status === 'completed')
  expect((await shares.playback(share.id)).stream_url).toBe(`/stream/${share.id}/main.m3u8`)
})

test('a share that is converted plays on its page while that goes on; the API tells of it when all is there', async () => {
  const gate = Promise.withResolvers<undefined>()
  restartWith({ isReady: async () => false, prepare: () => gate.promise })
  const share = await shares.create({ file_id: put('transcode') })
  await vi.waitUntil(() => shares.get(share.id, {}).status === 'processing')
  const playback = await shares.playback(share.id)
  expect(playback).toMatchObject({ progress: 0, stream_url: `/stream/${share.id}/main.m3u8` })
  expect(playback).not.toHaveProperty('download_url')
  expect(shares.get(share.id, {})).not.toHaveProperty('stream_url')
  gate.resolve(undefined)
  await vi.waitUntil(() => shares.get(share.id, {}).stream_url !== undefined)
})

test('preparing ends with the share that wanted it, and begins again when it is brought back', async () => {
  const signals: AbortSignal[] = []
  restartWith({
    isReady: async () => false,
    prepare: (_, signal) =>
      new Promise((_resolve, reject) => {
        signals.push(signal)
        signal.addEventListener('abort', () => reject(signal.reason as Error))
      }),
  })
  const { id } = await shares.create({ file_id: put('transcode') })
  await vi.waitUntil(() => signals.length === 1)
  shares.remove(id)
  expect(signals[0]?.aborted).toBe(true)
  shares.restore(id)
  await vi.waitUntil(() => signals.length === 2)
  expect(shares.get(id, {})).toMatchObject({ status: 'processing' })
  shares.forgotten(id)
  expect(signals[1]?.aborted).toBe(true)
})

test('preparing that fails ends in failed with the reason; stopping leaves it for the next start', async () => {
  const isReady = async (): Promise<boolean> => false
  restartWith({ isReady, prepare: () => Promise.reject(new AppError('disk_full', 'The disk is full.')) })
  const failed = await shares.create({ file_id: put('packaged') })
  await vi.waitUntil(() => shares.get(failed.id, {}).status === 'failed')
  expect(shares.get(failed.id, {}).failure).toEqual({ code: 'disk_full', message: 'The disk is full.' })

  const stopped = Promise.withResolvers<undefined>()
  restartWith({
    isReady,
    async prepare() {
      stopped.resolve(undefined)
      throw new AppError('busy', 'Matinee is stopping.')
    },
  })
  const waiting = await shares.create({ file_id: put('packaged') })
  await stopped.promise
  await vi.waitUntil(() => store.shares.byId(waiting.id)?.status === 'processing')
  restartWith({})
  shares.start()
  await vi.waitUntil(() => shares.get(waiting.id, {}).status === 'completed')
})
