import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { File } from '../../shared/api/file.ts'
import type { Job } from '../../shared/api/job.ts'
import { testMedia } from '../../../scripts/test-media.ts'
import { run } from '../base/spawn.ts'
import { resolveTools } from '../media/tools.ts'
import { buildMediaIndex } from '../streaming/keyframes.ts'
import { startLibrary, waitUntil } from './testing.ts'

test('the reading of a large transport stream that a stop interrupted goes on where it was, not from its start', async () => {
  const tools = await resolveTools(process.env)
  const asked: (string | null)[] = []
  const restarted = Promise.withResolvers<undefined>()
  const interrupted = new AbortController()
  const seen: { file: File; job: Job | undefined }[] = []
  const it = await startLibrary({
    async buildMediaIndex(request, signal) {
      asked.push(request.progress.saved)
      const report = (fraction: number): void => {
        request.progress.report(fraction)
        if (seen.length > 0) return
        const [file] = it.files()
        if (file) seen.push({ file, job: it.jobs.list()[0] })
        // Reading is quick: it is stopped from inside, before the restart can reach it.
        interrupted.abort()
        it.restart().then(() => restarted.resolve(undefined), restarted.reject)
      }
      const either = asked.length === 1 ? AbortSignal.any([signal, interrupted.signal]) : signal
      try {
        return await buildMediaIndex({ ...request, progress: { ...request.progress, report } }, either)
      } catch {
        if (!signal.aborted) await once(signal, 'abort')
        throw signal.reason
      }
    },
  })
  onTestFinished(() => it.close())
  const path = join(it.media, 'long.ts')
  const args = ['-nostdin', '-v', 'error', '-stream_loop', '9', '-i', testMedia('h264-aac-gop10.mp4')]
  await run(tools.ffmpeg.path, [...args, '-c', 'copy', path], { timeoutMs: 60_000 })

  const { id } = await it.library.register({ path })
  await restarted.promise
  expect(seen[0]?.file).toMatchObject({ id, status: 'processing', playable: false })
  expect(seen[0]?.job).toMatchObject({ kind: 'ingest', file_id: id, status: 'running' })
  expect(seen[0]?.job?.progress).toBeGreaterThan(0)
  await waitUntil(() => it.library.get(id).status === 'completed')

  expect(asked).toHaveLength(2)
  expect(asked[0]).toBeNull()
  const { position } = JSON.parse(asked[1] ?? '{}') as { position: number }
  expect(position).toBeGreaterThan(0)
  const { index, media } = await it.library.playable(id)
  expect(index).toEqual(await buildMediaIndex({ path, media, tools }, new AbortController().signal))
  expect(it.library.get(id)).toMatchObject({ status: 'completed', playable: true, delivery: 'remux' })
})

test('how long a file is that was read whole is what was found, not what its head let guess', async () => {
  const it = await startLibrary()
  onTestFinished(() => it.close())
  // Its first two seconds are pictures that nobody can decode.
  const file = await it.read(testMedia('h264-tuned-in.ts'))
  const { index } = await it.library.playable(file.id)
  expect(file.media_info.duration_seconds).toBe(index.endS - index.startS)
  expect(file.media_info.duration_seconds).toBeCloseTo(8, 1)
})
