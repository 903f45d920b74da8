import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../base/spawn.ts'
import { createLog } from '../../base/log.ts'
import type { ClipWindow } from '../../media/playable.ts'
import type { Tools } from '../../media/tools.ts'
import { createStreams } from '../streams.ts'
import {
  readWindowSource,
  seeded,
  tryWindow,
  type WindowResult,
  type WindowSource,
} from './testing-windows.ts'

/** One window of one file, and how its clip came out. */
export type TriedWindow = { file: string; window: ClipWindow; result: WindowResult }

/** How much of a clip over so many seconds must be copied where key frames are at most 2 s apart. */
export const LONG_CLIP_S = 30
export const LEAST_COPIED_SHARE = 0.95

/** Shortest clip that is tried, in seconds. */
const SHORTEST_S = 0.2

type RandomRequest = {
  tools: Tools
  /** Absolute paths; their windows are tried one file after the other. */
  files: readonly string[]
  count: number
  seed: number
  /** Hears each window once it is tried. */
  onTried?: (tried: TriedWindow) => void
}

/**
 * Makes clips of `count` windows that the seed decides, spread over the files, and lays each beside its source: number,
 * order and times of pictures, each picture, each packet of sound. An odd window begins or ends at a key frame.
 */
export async function tryRandomWindows({
  tools,
  files,
  count,
  seed,
  onTried,
}: RandomRequest): Promise<TriedWindow[]> {
  const random = seeded(seed)
  const dir = await mkdtemp(join(tmpdir(), 'matinee-windows-'))
  const streams = createStreams({
    ...{ tools, packagedDir: join(dir, 'packaged'), clipsDir: join(dir, 'clips') },
    log: createLog({ level: 'silent' }),
  })
  const tried: TriedWindow[] = []
  try {
    for (const [at, file] of files.entries()) {
      const share = Math.floor(count / files.length) + (at < count % files.length ? 1 : 0)
      if (share === 0) continue
      const source = await readWindowSource(tools, file)
      for (let it = 0; it < share; it++) {
        const window = windowOf(source, random, tried.length)
        const result = await tryWindow({ tools, streams, dir }, source, window)
        tried.push({ file, window, result })
        onTried?.({ file, window, result })
      }
    }
    return tried
  } finally {
    await streams.close()
    await rm(dir, { recursive: true })
  }
}

function windowOf({ playable, timesS }: WindowSource, random: () => number, number: number): ClipWindow {
  const firstS = timesS[0] ?? 0
  const lastS = timesS.at(-1) ?? 0
  const startS = firstS + random() * Math.max(0, lastS - firstS - SHORTEST_S)
  const endS = startS + SHORTEST_S + random() * Math.max(0, lastS - startS - SHORTEST_S)
  const keysS = playable.index.keyTimesS.map((keyS) => keyS - playable.index.startS)
  const before = keysS.findLast((keyS) => keyS <= startS && keyS >= 0)
  const behind = keysS.find((keyS) => keyS >= endS)
  if (number % 4 === 1 && before !== undefined) return { startS: before, endS }
  if (number % 4 === 3 && behind !== undefined) return { startS, endS: behind }
  return { startS, endS }
}

/** What is not as promised of a window, in words; none when all is. */
export function faultsOf({ file, window, result }: TriedWindow, longestGopS: number): string[] {
  const { problems, copiedShare, durationS } = result
  const where = `${file} ${window.startS.toFixed(4)}-${window.endS.toFixed(4)}`
  const isMostlyCopied = durationS <= LONG_CLIP_S || longestGopS > 2.1 || copiedShare >= LEAST_COPIED_SHARE
  return [
    ...problems.map((it) => `${where}: ${it}`),
    ...(isMostlyCopied ? [] : [`${where}: only ${(copiedShare * 100).toFixed(1)} % copied`]),
  ]
}

/** A longer file of the same packets: `file` some times, one behind the other. */
export async function repeated(tools: Tools, file: string, times: number, target: string): Promise<string> {
  await run(
    tools.ffmpeg.path,
    [
      ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-y', '-stream_loop', String(times - 1)],
      ...['-i', file, '-c', 'copy', target],
    ],
    { timeoutMs: 60_000 },
  )
  return target
}
