import { expect, test, vi } from 'vitest'
import type { Job } from '../../shared/api/job.ts'
import { AppError } from '../base/errors.ts'
import { createJobQueue, type JobSpec } from './queue.ts'

function setUp(ingest = 1) {
  const changes: Job[] = []
  const queue = createJobQueue({
    limits: { ingest, scan: 1, package: 1, transcode: 1, segments: 1, export: 1, keep: 1 },
    onChange: (job) => changes.push(job),
  })
  return { queue, changes }
}

/** A job that runs until its gate opens, and ends at once when aborted. */
function gated(key: string, more: Partial<JobSpec<string>> = {}) {
  const gate = Promise.withResolvers<string>()
  const started = Promise.withResolvers<undefined>()
  const spec: JobSpec<string> = {
    kind: 'ingest',
    key,
    title: key,
    run({ signal }) {
      started.resolve(undefined)
      return new Promise((resolve, reject) => {
        void gate.promise.then(resolve, reject)
        signal.addEventListener('abort', () => reject(signal.reason as Error))
      })
    },
    ...more,
  }
  return { spec, open: gate.resolve, fail: gate.reject, started: started.promise }
}

test('one key has one run, and both who asked get its result', async () => {
  const { queue, changes } = setUp()
  const job = gated('a')
  const both = [queue.add(job.spec), queue.add(job.spec)]
  job.open('done')
  expect(await Promise.all(both)).toEqual(['done', 'done'])
  expect(changes.filter((it) => it.status === 'completed')).toHaveLength(1)
})

test('no more of a kind than its limit run, higher priority first', async () => {
  const { queue, changes } = setUp()
  const [first, low, high] = [gated('first'), gated('low'), gated('high', { priority: 5 })]
  const all = [first, low, high].map((it) => queue.add(it.spec))
  expect(queue.list().filter((it) => it.status === 'running')).toHaveLength(1)
  for (const job of [first, high, low]) job.open(job.spec.key)
  await Promise.all(all)
  const order = changes.filter((it) => it.status === 'running').map((it) => it.title)
  expect([...new Set(order)]).toEqual(['first', 'high', 'low'])
})

test('a job that fails says why, and the next one runs', async () => {
  const { queue } = setUp()
  const [bad, good] = [gated('bad'), gated('good')]
  const results = [queue.add(bad.spec), queue.add(good.spec)]
  bad.fail(new AppError('unsupported_media', 'The file is cut off.'))
  await expect(results[0]).rejects.toThrow('cut off')
  expect(queue.list().find((it) => it.title === 'bad')).toMatchObject({
    status: 'failed',
    error: 'The file is cut off.',
  })
  good.open('fine')
  expect(await results[1]).toBe('fine')
})

test('cancel ends a running job and forgets a waiting one', async () => {
  const { queue } = setUp()
  const [running, waiting] = [gated('running'), gated('waiting')]
  const results = [queue.add(running.spec), queue.add(waiting.spec)]
  await running.started
  for (const job of queue.list()) queue.cancel(job.id)
  const ends = await Promise.allSettled(results)
  expect(ends.map((it) => it.status)).toEqual(['rejected', 'rejected'])
  expect(queue.list().map((it) => it.status)).toEqual(['cancelled', 'cancelled'])
})

test('cancel of an unknown job is not_found, of an ended one a conflict', async () => {
  const { queue } = setUp()
  const job = gated('a')
  const result = queue.add(job.spec)
  job.open('x')
  await result
  expect(() => queue.cancel('nope')).toThrow(expect.objectContaining({ code: 'not_found' }))
  expect(() => queue.cancel(queue.list()[0]?.id ?? '')).toThrow(expect.objectContaining({ code: 'conflict' }))
})

test('progress is told in whole per cents and never leaves 0..1', async () => {
  const { queue, changes } = setUp()
  await queue.add({
    kind: 'package',
    key: 'p',
    title: 'p',
    async run({ progress }) {
      for (const at of [-1, 0.101, 0.102, 0.5, 7]) progress(at)
    },
  })
  const told = changes.filter((it) => it.status === 'running').map((it) => it.progress)
  expect(told).toEqual([undefined, 0, 0.101, 0.5, 1])
})

test('close aborts what runs, waits for it, and takes nothing new', async () => {
  const { queue } = setUp()
  const job = gated('a')
  const result = queue.add(job.spec)
  await job.started
  await queue.close()
  await expect(result).rejects.toMatchObject({ code: 'busy' })
  await expect(queue.add(gated('b').spec)).rejects.toMatchObject({ code: 'busy' })
})

test('a job is followed by its id, to the file that it made', async () => {
  const { queue } = setUp()
  const result = { filename: 'clip.mp4', bytes: 7, converted: false, expires_at: 1 }
  const job = gated('a', { kind: 'export', resultOf: () => result })
  const { id, status } = queue.begin(job.spec)
  expect(status).toBe('running')
  expect(queue.begin(job.spec).id).toBe(id)
  job.open('done')
  await vi.waitUntil(() => queue.get(id).status === 'completed')
  expect(queue.get(id)).toMatchObject({ progress: 1, result })
  expect(() => queue.get('nobody')).toThrow(expect.objectContaining({ code: 'not_found' }))
})

test('what was exported stays in the list, however many files are read after it', async () => {
  const { queue } = setUp(200)
  const job = gated('a', { kind: 'export' })
  job.open('done')
  const { id } = queue.begin(job.spec)
  const scan = Array.from({ length: 200 }, (_, at) => gated(String(at)))
  for (const it of scan) it.open('done')
  await Promise.all(scan.map((it) => queue.add(it.spec)))
  expect(queue.get(id).status).toBe('completed')
  expect(queue.list().filter(({ kind }) => kind === 'ingest')).toHaveLength(50)
})
