import { beforeEach, expect, test, vi } from 'vitest'
import type { Share } from '../../../shared/api/share.ts'
import type { Upload } from '../state/uploads.ts'
import { createUploadQueue, type UploadQueue, type UploadQueueDeps } from './upload-queue.ts'

/** A file that is being sent, and what a test does with it. */
type Sending = {
  name: string
  signal: AbortSignal
  onProgress: (sent: number) => void
  resolve: (file: { id: string }) => void
  reject: (error: Error) => void
}

const linkTo = (fileId: string): Promise<Share> => Promise.resolve({ file_id: fileId } as Share)

let uploads: readonly Upload[]
let sending: Sending[]
let ends: (readonly Upload[])[]
let deps: UploadQueueDeps
let queue: UploadQueue
beforeEach(() => {
  uploads = []
  sending = []
  ends = []
  deps = {
    send: (file, { signal, onProgress }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error))
        sending.push({ name: file.name, signal, onProgress, resolve, reject })
      }),
    room: () => Promise.resolve(1000),
    share: linkTo,
    sentenceOf: (error) => (error as Error).message,
    mayPass: (error) => !(error as Error).message.includes('no film'),
    get: () => uploads,
    set: (state) => (uploads = state.uploads ?? uploads),
    onEnd: (it) => ends.push(it),
    now: () => 0,
  }
  queue = createUploadQueue(deps)
})

/** As long as a busy machine may need. */
const until = (condition: () => boolean): Promise<unknown> => vi.waitUntil(condition, { timeout: 10_000 })
const file = (name: string, size = 10): File => new File([new Uint8Array(size)], name)
const states = (): string[] => uploads.map(({ name, state }) => `${name} ${state}`)
const sent = (count: number): Promise<unknown> => until(() => sending.length === count)
const settled = (...wanted: string[]): Promise<unknown> => until(() => states().join() === wanted.join())
const at = (name: string): Sending => {
  const it = sending.findLast((one) => one.name === name)
  if (!it) throw new Error(`${name} is not being sent`)
  return it
}
const idOf = (name: string): string => uploads.find((it) => it.name === name)?.id ?? ''

test('two are sent at a time, in their order, and the end is told once', async () => {
  queue.add([file('a'), file('b'), file('c')], false)
  await sent(2)
  expect(states()).toEqual(['a sending', 'b sending', 'c waiting'])
  at('a').onProgress(4)
  // A form is a little longer than its file.
  at('b').onProgress(400)
  expect(uploads.map((it) => it.sent)).toEqual([4, 10, 0])
  at('b').resolve({ id: 'B' })
  await sent(3)
  expect(states()).toEqual(['a sending', 'b done', 'c sending'])
  at('a').resolve({ id: 'A' })
  at('c').resolve({ id: 'C' })
  await settled('a done', 'b done', 'c done')
  await until(() => ends.length > 0)
  expect(ends).toHaveLength(1)
  expect(uploads.map((it) => it.fileId)).toEqual(['A', 'B', 'C'])
})

test('one that fails says why, stops nothing, and can be sent again', async () => {
  queue.add([file('a'), file('b')], false)
  await sent(2)
  at('a').reject(new Error('The disk is full.'))
  at('b').reject(new Error('This is no film.'))
  await settled('a failed', 'b failed')
  expect(uploads[0]?.reason).toBe('The disk is full.')
  queue.retryFailed()
  await sent(3)
  expect(uploads[0]).toMatchObject({ state: 'sending', sent: 0 })
  expect(uploads[0]).not.toHaveProperty('reason')
  at('a').resolve({ id: 'A' })
  await settled('a done', 'b failed')
})

test('one that is dropped is broken off and leaves the list; the next takes its place', async () => {
  queue.add([file('a'), file('b'), file('c')], false)
  await sent(2)
  const { signal } = at('a')
  queue.drop(idOf('a'))
  expect(signal.aborted).toBe(true)
  await sent(3)
  expect(states()).toEqual(['b sending', 'c sending'])
  queue.cancelAll()
  expect(uploads).toEqual([])
  expect(sending.every((it) => it.name === 'a' || it.signal.aborted)).toBe(true)
  expect(ends).toEqual([])
})

test('one that has no room is not sent at all', async () => {
  queue.add([file('big', 2000), file('small')], false)
  await settled('big failed', 'small sending')
  expect(sending.map((it) => it.name)).toEqual(['small'])
  expect(uploads[0]?.reason).toBe('It has 2 kB, and there is room for 1 kB.')
})

test('a link is made of each that is there, and its failure is not that of the upload', async () => {
  deps.share = (fileId) =>
    fileId === 'B' ? Promise.reject(new Error('It cannot be played.')) : linkTo(fileId)
  queue.add([file('a'), file('b')], true)
  await sent(2)
  at('a').resolve({ id: 'A' })
  at('b').resolve({ id: 'B' })
  await settled('a done', 'b done')
  expect(uploads.map(({ share, reason }) => share?.file_id ?? reason)).toEqual(['A', 'It cannot be played.'])
})

test('what is over makes way for what begins; what failed stays', async () => {
  queue.add([file('a'), file('b')], false)
  await sent(2)
  at('a').resolve({ id: 'A' })
  at('b').reject(new Error('no'))
  await settled('a done', 'b failed')
  queue.add([file('c')], false)
  expect(states().map((it) => it.split(' ')[0])).toEqual(['b', 'c'])
  queue.clear()
  expect(states().map((it) => it.split(' ')[0])).toEqual(['c'])
})
