import { copyFile, readdir, readlink, rename, rm, truncate, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { EncodedPacketSink, type Input } from 'mediabunny'
import { describe, expect, onTestFinished, test } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import { createSources, readIdentity, type OpenSource, type SourceRef, type Sources } from './source.ts'
import { temporaryDir } from './testing.ts'

const FILM = 'h264-aac-gop2.mp4'

function sources(): Sources {
  const made = createSources()
  onTestFinished(() => made.close())
  return made
}

async function source(name = FILM, number = 0): Promise<SourceRef> {
  const path = join(temporaryDir(), `${number}.mp4`)
  await copyFile(testMedia(name), path)
  return { fingerprint: `print-${number}`, path, identity: await readIdentity(path) }
}

const durationOf = ({ input }: OpenSource): Promise<number> => input.computeDuration()

/** How many descriptors of this process are open on a path, also one that was removed. */
async function descriptorsOn(path: string): Promise<number> {
  const targets = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  )
  return targets.filter((target) => target.startsWith(path)).length
}

test('a source is opened once for all who use it', async () => {
  const open = sources()
  const film = await source()
  const seen = new Set<Input>()
  const use = (): Promise<void> =>
    open.use(film, async (opened) => {
      seen.add(opened.input)
      expect(await durationOf(opened)).toBeCloseTo(10, 1)
    })
  await Promise.all([use(), use()])
  await use()
  expect(seen.size).toBe(1)
})

test('four stay open; the one unused for longest is disposed', async () => {
  const open = sources()
  const films = await Promise.all(Array.from({ length: 5 }, (_, number) => source(FILM, number)))
  const inputs: Input[] = []
  for (const film of films) inputs.push(await open.use(film, async ({ input }) => input))
  await expect.poll(() => inputs.map((input) => input.disposed)).toEqual([true, false, false, false, false])
})

test('an input in use is never disposed, however many others are opened', async () => {
  const open = sources()
  const [busy, ...others] = await Promise.all(Array.from({ length: 7 }, (_, number) => source(FILM, number)))
  if (!busy) throw new Error('no film')
  const kept = await open.use(busy, async (opened) => {
    for (const film of others) await open.use(film, durationOf)
    expect(opened.input.disposed).toBe(false)
    expect(await durationOf(opened)).toBeCloseTo(10, 1)
    return opened.input
  })
  await expect.poll(() => kept.disposed).toBe(true)
})

test.runIf(process.platform === 'linux')(
  'closing gives every descriptor back, that of running work too',
  async () => {
    const open = createSources()
    const film = await source()
    const started = Promise.withResolvers<undefined>()
    const work = open.use(film, async (input) => {
      await durationOf(input)
      started.resolve(undefined)
      await new Promise((resolve) => setImmediate(resolve))
      return durationOf(input)
    })
    await started.promise
    expect(await descriptorsOn(film.path)).toBe(1)
    const closing = open.close()
    expect(await work).toBeCloseTo(10, 1)
    await closing
    await expect.poll(() => descriptorsOn(film.path)).toBe(0)
    await expect(open.use(film, durationOf)).rejects.toMatchObject({ code: 'busy' })
  },
)

describe('a source that is not what it was', () => {
  test.each<[string, (film: SourceRef) => Promise<unknown>]>([
    ['is gone', ({ path }) => rm(path)],
    ['was written to', ({ path }) => utimes(path, new Date(), new Date(Date.now() + 5000))],
    ['became shorter', ({ path }) => truncate(path, 1000)],
    [
      'was replaced by another file',
      async ({ path }) => {
        await copyFile(testMedia(FILM), `${path}.new`)
        await rename(`${path}.new`, path)
      },
    ],
  ])('%s: file_missing, whether it was open or not', async (_, change) => {
    const open = sources()
    const film = await source()
    await open.use(film, durationOf)
    await change(film)
    await expect(open.use(film, durationOf)).rejects.toMatchObject({ code: 'file_missing' })
    await expect(sources().use(film, durationOf)).rejects.toMatchObject({ code: 'file_missing' })
  })

  test('and comes back, is read again', async () => {
    const open = sources()
    const film = await source()
    await rename(film.path, `${film.path}.away`)
    await expect(open.use(film, durationOf)).rejects.toMatchObject({ code: 'file_missing' })
    await rename(`${film.path}.away`, film.path)
    expect(await open.use(film, durationOf)).toBeCloseTo(10, 1)
  })

  test('becomes shorter in the middle of a read: file_missing, no zeros', async () => {
    const film = await source('h264-aac-gop10.mp4')
    const outcome = sources().use(film, async ({ input }) => {
      const track = await input.getPrimaryVideoTrack()
      if (!track) throw new Error('no picture')
      const sink = new EncodedPacketSink(track)
      await sink.getFirstPacket()
      await truncate(film.path, 100_000)
      return sink.getPacket(15)
    })
    await expect(outcome).rejects.toMatchObject({ code: 'file_missing' })
  })
})
