import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import { createDiskCache } from '../base/disk-cache.ts'
import { run } from '../base/spawn.ts'
import { readPlayable, testTools } from './testing.ts'
import { createPlaces, type Places, type Tenant } from './transcode-places.ts'
import { planTranscode } from './transcode-plan.ts'
import type { TranscodeTrack } from './transcode-track.ts'
import { createTranscodeTracks } from './transcode-tracks.ts'
import { createTurns } from './transcode-turns.ts'

const WINDOWS = 12
const ALIVE = 3
const PATIENCE = { timeout: 30_000, interval: 20 }

test('S62: however many windows are asked for at once, so many encoders live and no more, and all answer', async () => {
  const { windows, begun } = await windowsOfLongFilm(createPlaces(ALIVE))
  const { signal } = new AbortController()
  const firsts = await Promise.all(windows.map(({ track }) => track.slot(0, signal)))
  const lasts = await Promise.all(windows.map(({ track, last }) => track.slot(last, signal)))
  for (const bytes of [...firsts, ...lasts]) expect(bytes.length).toBeGreaterThan(1000)
  const alive = await begun()
  expect(alive.length).toBeGreaterThanOrEqual(WINDOWS)
  expect(Math.max(...alive)).toBe(ALIVE)
})

test('S62: a window that nobody waits for any more is not begun, and one that somebody waits for is', async () => {
  const places = createPlaces(1)
  const { signal } = new AbortController()
  const leavePlace = await places.take(tenant({ isEncoding: true }), signal)
  const { windows, begun } = await windowsOfLongFilm(places)
  const viewer = new AbortController()
  const left = windows.slice(1).map(({ track }) => track.slot(0, viewer.signal))
  const stays = windows[0]?.track.slot(0, signal)
  // They stand in line only after the disk has been asked.
  await vi.waitUntil(() => places.waiting() === WINDOWS, PATIENCE)
  viewer.abort(new Error('the viewer left'))
  for (const it of await Promise.allSettled(left)) expect(it.status).toBe('rejected')
  await vi.waitUntil(() => places.waiting() === 1, PATIENCE)
  leavePlace()
  expect((await stays)?.length).toBeGreaterThan(1000)
  expect(await begun()).toEqual([1])
})

test('who is needed least goes, among equals who was asked first; never one that has its turn, nor for its like', async () => {
  const { signal } = new AbortController()
  const ended: string[] = []
  const places = createPlaces(4)
  const leaves = new Map<string, () => void>()
  const live = async (name: string, it: Partial<Facts>): Promise<void> => {
    const end = (): void => {
      ended.push(name)
      leaves.get(name)?.()
    }
    leaves.set(name, await places.take({ ...tenant(it), end }, signal))
  }
  await live('encodes', { urgency: 0, isEncoding: true })
  await live('asked later', { urgency: 0, askedAt: 2 })
  await live('asked first', { urgency: 0, askedAt: 1 })
  await live('ahead', { urgency: 2, askedAt: 0 })
  for (const name of ['one', 'two', 'three']) await live(name, { urgency: 3 })
  expect(ended).toEqual(['asked first', 'asked later', 'ahead'])

  const fourth = live('four', { urgency: 3 })
  await Promise.resolve()
  expect(ended).toHaveLength(3)
  leaves.get('two')?.()
  await fourth
  expect(ended).toHaveLength(3)
})

/** Windows of a film whose sound must be converted; `begun` tells for each encoder how many lived when it began. */
async function windowsOfLongFilm(
  places: Places,
): Promise<{ windows: { track: TranscodeTrack; last: number }[]; begun: () => Promise<number[]> }> {
  const dir = await mkdtemp(join(tmpdir(), 'matinee-places-'))
  const closing = new AbortController()
  onTestFinished(async () => {
    closing.abort(new Error('the test is over'))
    await rm(dir, { recursive: true, force: true, maxRetries: 5 })
  })
  const tools = await testTools()
  const path = join(dir, 'long.mkv')
  const loop = ['-stream_loop', '8', '-i', testMedia('h264-ac3.mkv'), '-map', '0', '-c', 'copy', path]
  await run(tools.ffmpeg.path, ['-v', 'error', '-nostdin', ...loop], { timeoutMs: 60_000 })
  const { playable } = await readPlayable(path)
  const tracks = createTranscodeTracks({
    tools: { ...tools, ffmpeg: { ...tools.ffmpeg, path: await countingFfmpeg(dir, tools.ffmpeg.path) } },
    disk: createDiskCache({ dir: join(dir, 'kept'), maxBytes: 1e8 }),
    ...{ turns: createTurns(2), places, closing: closing.signal, stallMs: 60_000 },
    tablesDir: dir,
  })
  return {
    windows: Array.from({ length: WINDOWS }, (_, startS) => {
      const window = { startS, endS: startS + 55 }
      const plan = planTranscode({ ...playable, window })
      return { track: tracks.sound({ ...playable, window }, plan, 0), last: plan.slots.length - 1 }
    }),
    begun: async () => (await readFile(join(dir, 'alive'), 'utf8')).trim().split('\n').map(Number),
  }
}

type Facts = { urgency: number; askedAt: number; isEncoding: boolean }

const tenant = ({ urgency = 0, askedAt = 0, isEncoding = false }: Partial<Facts>): Tenant => ({
  urgency: () => urgency,
  askedAt: () => askedAt,
  isEncoding: () => isEncoding,
  end: () => undefined,
})

/** The real ffmpeg, which writes down for each encoder how many live when it begins, itself among them. */
async function countingFfmpeg(dir: string, real: string): Promise<string> {
  const path = join(dir, 'ffmpeg')
  await mkdir(join(dir, 'runs'))
  await writeFile(
    path,
    `#!/bin/sh
case "$*" in *frag_discont*) ;; *) exec '${real}' "$@" ;; esac
touch '${dir}/runs/'$$
alive=0
for it in '${dir}/runs/'*; do kill -0 "$(basename "$it")" 2>/dev/null && alive=$((alive + 1)); done
echo $alive >> '${dir}/alive'
exec '${real}' "$@"
`,
  )
  await chmod(path, 0o755)
  return path
}
