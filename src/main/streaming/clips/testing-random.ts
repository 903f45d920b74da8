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

/** Of clips over so many seconds nearly all is copied where key frames are at most 2 s apart. */
const LONG_CLIP_S = 30

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
        const result = await tryWindow({ tools, streams, dir }, source, window).catch(failed)
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

/** A window whose clip was not made at all, or could not be looked at: the others are tried all the same. */
const failed = (error: unknown): WindowResult => ({
  problems: [error instanceof Error ? error.message : String(error)],
  ...{ pictures: 0, copiedPictures: 0, bytes: 0, copiedBytes: 0, durationS: 0 },
})

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

/** What is not as it should be of a window, in words; none when all is. */
export const faultsOf = ({ file, window, result }: TriedWindow): string[] =>
  result.problems.map((it) => `${file} ${window.startS.toFixed(4)}-${window.endS.toFixed(4)}: ${it}`)

/** How much of the long clips of a file is copied, by bytes, 0..1; null when there is none. */
export function copiedShare(tried: readonly TriedWindow[], file: string): number | null {
  const long = tried.filter((it) => it.file === file && it.result.durationS > LONG_CLIP_S)
  const sum = (of: (result: WindowResult) => number): number =>
    long.reduce((total, { result }) => total + of(result), 0)
  return long.length > 0 ? sum((it) => it.copiedBytes) / sum((it) => it.bytes) : null
}

/** Makes a film with a key frame every 2 s in which no picture and no sound comes twice. */
export async function longSource(tools: Tools, seconds: number, target: string): Promise<string> {
  await run(
    tools.ffmpeg.path,
    [
      ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-y'],
      ...['-f', 'lavfi', '-i', `testsrc2=s=320x180:r=30:d=${seconds}`],
      ...['-f', 'lavfi', '-i', `anoisesrc=r=48000:a=0.1:seed=1:d=${seconds}`],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-bf', '2', '-g', '60'],
      ...['-sc_threshold', '0', '-x264-params', 'open-gop=0', '-c:a', 'aac', '-b:a', '96k', target],
    ],
    { timeoutMs: 120_000 },
  )
  return target
}
