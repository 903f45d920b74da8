import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, afterAll, expect, test, vi } from 'vitest'
import { AppError } from './errors.ts'
import { createWorkerPool, type PoolOptions, type WorkerPool } from './worker-pool.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'matinee-pool-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const open: WorkerPool[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((pool) => pool.close()))
})

function makePool(over: Partial<PoolOptions> = {}): WorkerPool {
  const entry = new URL('./testing-worker.ts', import.meta.url)
  const pool = createWorkerPool({
    ...{ entry, size: 1, tasksEach: 2, limits: { maxOldGenerationSizeMb: 64 } },
    ...over,
  })
  open.push(pool)
  return pool
}

const options = { signal: new AbortController().signal, timeoutMs: 60_000 }

test('a task gets a copy of its request, tells of its steps, and gives a result', async () => {
  const pool = makePool()
  const heard: unknown[] = []
  expect(await pool.run('echo', { a: [1, 2], b: new Uint8Array([3]) }, options)).toEqual({
    a: [1, 2],
    b: new Uint8Array([3]),
  })
  expect(await pool.run('steps', 3, { ...options, onEvent: (event) => heard.push(event) })).toBe(3)
  expect(heard).toEqual([1, 2, 3])
})

test('failures stay what they are: an AppError, a system error, a bug', async () => {
  const pool = makePool()
  const refused = await pool.run('refuse', null, options).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(AppError)
  expect(refused).toMatchObject({ code: 'unsupported_media', message: 'No film.', extra: { why: 'test' } })
  await expect(pool.run('missing', join(folder, 'no'), options)).rejects.toMatchObject({ code: 'ENOENT' })
  await expect(pool.run('nothing', null, options)).rejects.toThrow('there is no task nothing')
})

test('no more threads than the size work at once, and what is idle ends', async () => {
  const pool = makePool({ size: 2, tasksEach: 1, idleMs: 20 })
  const ids = await Promise.all(Array.from({ length: 6 }, () => pool.run('thread', null, options)))
  expect(new Set(ids).size).toBe(2)
  // None of the first two is there any more.
  await vi.waitUntil(async () => !ids.includes(await pool.run('thread', null, options)), {
    ...{ timeout: 30_000, interval: 200 },
  })
})

test('a task that waits for something lets the next one have its turn in the same thread', async () => {
  const pool = makePool()
  const id = await pool.run('thread', null, options)
  const abort = new AbortController()
  const waits = expect(
    pool.run('wait', join(folder, 'turns'), { ...options, signal: abort.signal }),
  ).rejects.toThrow('enough')
  expect(await pool.run('thread', null, options)).toBe(id)
  abort.abort(new Error('enough'))
  await waits
})

test('S54: a thread that goes in a circle is ended; what ran beside the guilty task is run again', async () => {
  const pool = makePool({ stuckMs: 1500, stuckAloneMs: 1500 })
  const abort = new AbortController()
  let begun = 0
  const first = Promise.withResolvers<undefined>()
  const onEvent = (): void => {
    begun += 1
    first.resolve(undefined)
    if (begun === 2) abort.abort(new Error('enough'))
  }
  const signal = abort.signal
  const beside = expect(
    pool.run('wait', join(folder, 'beside'), { ...options, signal, onEvent }),
  ).rejects.toThrow('enough')
  await first.promise
  await expect(pool.run('spin', join(folder, 'circle'), options)).rejects.toMatchObject({ reason: 'stuck' })
  await beside
  expect(await pool.run('echo', 'next', options)).toBe('next')
})

test('S54: a thread that takes too much memory is ended, and this one lives', async () => {
  const pool = makePool()
  await expect(pool.run('swell', null, options)).rejects.toMatchObject({
    name: 'WorkerLost',
    reason: 'memory',
  })
  expect(await pool.run('echo', 'alive', options)).toBe('alive')
})

test('a thread that crashes fails its task alone', async () => {
  const pool = makePool()
  await expect(pool.run('crash', null, options)).rejects.toMatchObject({
    name: 'WorkerLost',
    reason: 'crash',
  })
  expect(await pool.run('echo', 'alive', options)).toBe('alive')
})

test('a task that takes longer than it may is given up; its thread goes on', async () => {
  const pool = makePool()
  const id = await pool.run('thread', null, options)
  const slow = pool.run('wait', join(folder, 'slow'), { ...options, timeoutMs: 1 })
  await expect(slow).rejects.toMatchObject({ name: 'WorkerLost', reason: 'slow' })
  expect(await pool.run('thread', null, options)).toBe(id)
})

test('an abort rejects with its reason when the task has stopped; its thread goes on', async () => {
  const pool = makePool()
  const id = await pool.run('thread', null, options)
  const abort = new AbortController()
  const file = join(folder, 'aborted')
  const waiting = pool.run('wait', file, {
    ...{ signal: abort.signal, timeoutMs: 60_000 },
    onEvent: () => abort.abort(new Error('enough')),
  })
  await expect(waiting).rejects.toThrow('enough')
  expect(await pool.run('thread', null, options)).toBe(id)
  expect(readFileSync(file, 'utf8')).toBe('aborted')
})

test('a task that does not hear its abort is ended with its thread', async () => {
  const pool = makePool()
  const abort = new AbortController()
  const file = join(folder, 'deaf')
  const spinning = pool.run('spin', file, { signal: abort.signal, timeoutMs: 60_000 })
  await vi.waitUntil(() => existsSync(file), { timeout: 30_000 })
  abort.abort(new Error('enough'))
  await expect(spinning).rejects.toThrow('enough')
  expect(await pool.run('echo', 'alive', options)).toBe('alive')
})

test('an entry that cannot be loaded fails its task as busy', async () => {
  const pool = makePool({ entry: new URL('./testing-broken-worker.ts', import.meta.url) })
  await expect(pool.run('echo', 1, options)).rejects.toMatchObject({ code: 'busy' })
})

test('close ends what works and what waits, and takes nothing new', async () => {
  const pool = makePool()
  const file = join(folder, 'closing')
  const begun = Promise.withResolvers<unknown>()
  const running = pool.run('wait', file, { ...options, onEvent: begun.resolve })
  const beside = pool.run('wait', file, options)
  const waiting = pool.run('echo', 1, options)
  const ends = Promise.allSettled([running, beside, waiting])
  await begun.promise
  await pool.close()
  expect((await ends).map((it) => it.status)).toEqual(['rejected', 'rejected', 'rejected'])
  expect(readFileSync(file, 'utf8')).toBe('aborted')
  await expect(pool.run('echo', 1, options)).rejects.toMatchObject({ code: 'busy' })
})
