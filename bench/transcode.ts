import { existsSync, readFileSync, rmSync } from 'node:fs'
import { readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startBuiltEngine, type RunningEngine } from '../e2e/engine.ts'
import type { Share } from '../src/shared/api/share.ts'
import { run } from '../src/main/base/spawn.ts'
import { compare, median, showMs, timeMs, type Benchmark, type Row } from './measure.ts'
import { peerFfmpeg } from './media.ts'
import { fetchBytes, openWithSound } from './player.ts'

const FILM_S = 40
const SEGMENT_S = 4

/** Segments that are clicked at, far from one another, so that each begins an encoder of its own. */
const CLICKS = [6, 2, 8, 4, 7]
const CONVERSIONS = 3
const CANCELS = 5

/**
 * A film of MPEG-4 Part 2 that is converted: the segment behind a click against one ffmpeg call that makes it, all of
 * it against ffmpeg's own HLS of the same settings, and how long the processor is kept after a share was taken back.
 */
export const transcode: Benchmark = async ({ folder, log }) => {
  const ffmpeg = await peerFfmpeg()
  const film = await filmOf(ffmpeg, folder, log)
  const clicks = { ours: [] as number[], peer: [] as number[] }
  const whole = { ours: [] as number[], peer: [] as number[] }
  for (let pair = 0; pair < CLICKS.length; pair++) {
    const at = CLICKS[pair] ?? 0
    await withEngine(async (engine) => {
      clicks.ours.push(await click(engine, film, at))
    })
    clicks.peer.push(await timeMs(() => encodeOne(ffmpeg, film, at, join(folder, 'one.mp4'))))
    if (pair >= CONVERSIONS) continue
    await withEngine(async (engine) => {
      const { id } = await engine.addFile(film)
      whole.ours.push(await timeMs(() => engine.share(id)))
    })
    whole.peer.push(await timeMs(() => encodeHls(ffmpeg, film, join(folder, 'hls'))))
    log(`${pair + 1}/${CONVERSIONS}`)
  }
  return [
    compare('converted segment after a click', 1 / 1.5, clicks.ours, clicks.peer),
    compare('converting all of a film', 0.8, whole.ours, whole.peer),
    await cancels(film),
  ]
}

async function withEngine(work: (engine: RunningEngine) => Promise<void>): Promise<void> {
  const engine = await startBuiltEngine()
  try {
    await work(engine)
  } finally {
    await engine.stop()
  }
}

/** The ms from the click to a place that nothing was made of yet, until picture and sound of it are there. */
async function click(engine: RunningEngine, film: string, at: number): Promise<number> {
  const { id } = await engine.addFile(film)
  const share = await engine.call<Share>('POST', '/share', { file_id: id })
  const url = `${engine.shareUrl}/stream/${share.id}/main.m3u8`
  const { picture, sound } = await openWithSound(url)
  const urls = [picture, ...(sound ? [sound] : [])].map((it) => it.segments[at] ?? '')
  return timeMs(() => Promise.all(urls.map((it) => fetchBytes(it))))
}

/** How long an encoder goes on after its share was taken back. */
async function cancels(film: string): Promise<Row> {
  const times: number[] = []
  await withEngine(async (engine) => {
    const { id } = await engine.addFile(film)
    for (let round = 0; round < CANCELS; round++) {
      const share = await engine.call<Share>('POST', '/share', { file_id: id })
      while ((await encodersOf(engine)) === 0) await delay(5)
      times.push(
        await timeMs(async () => {
          await engine.call('DELETE', `/share/${share.id}`)
          while ((await encodersOf(engine)) > 0) await delay(5)
        }),
      )
    }
  })
  const middle = median(times)
  return {
    what: 'processor free after a share is taken back',
    ours: showMs(middle),
    peer: '1.00 s allowed',
    ratio: 1000 / Math.max(middle, 1),
    must: 1,
  }
}

/** Processes called ffmpeg whose parent is the engine (proc(5)). */
async function encodersOf({ process: { pid = 0 } }: RunningEngine): Promise<number> {
  const found = (await readdir('/proc')).filter((name) => {
    if (!/^\d+$/.test(name)) return false
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return parent === String(pid) && stat.includes('(ffmpeg)')
    } catch {
      // It has ended meanwhile.
      return false
    }
  })
  return found.length
}

const QUIET = ['-nostdin', '-hide_banner', '-loglevel', 'error', '-y']
const ENCODER = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18', '-pix_fmt', 'yuv420p']
const SOUND = ['-c:a', 'aac', '-b:a', '160k', '-ac', '2']

async function encodeOne(ffmpeg: string, film: string, at: number, target: string): Promise<void> {
  // The first of a film is half as long, for a quick start.
  const startS = at * SEGMENT_S - SEGMENT_S / 2
  const input = ['-ss', String(startS), '-i', film, '-t', String(SEGMENT_S)]
  await run(ffmpeg, [...QUIET, ...input, ...ENCODER, ...SOUND, '-f', 'mp4', target], { timeoutMs: 300_000 })
}

async function encodeHls(ffmpeg: string, film: string, target: string): Promise<void> {
  const keys = ['-force_key_frames', `expr:gte(t,n_forced*${SEGMENT_S})`, '-sc_threshold', '0']
  const hls = [
    '-f',
    'hls',
    '-hls_time',
    String(SEGMENT_S),
    '-hls_segment_type',
    'fmp4',
    '-hls_list_size',
    '0',
  ]
  const output = [...ENCODER, ...keys, ...SOUND, ...hls, `${target}.m3u8`]
  await run(ffmpeg, [...QUIET, '-i', film, ...output], { timeoutMs: 900_000 })
}

async function filmOf(ffmpeg: string, folder: string, log: (line: string) => void): Promise<string> {
  const film = join(folder, 'mpeg4.mp4')
  if (existsSync(film)) return film
  log(`making a film of ${FILM_S} s in MPEG-4 Part 2 …`)
  const partial = join(folder, 'mpeg4.partial.mp4')
  rmSync(partial, { force: true })
  await run(
    ffmpeg,
    [
      ...[...QUIET, '-f', 'lavfi', '-i', `testsrc2=s=1920x1080:r=30:d=${FILM_S}`],
      ...['-f', 'lavfi', '-i', `sine=f=440:b=4:r=48000:d=${FILM_S}`],
      ...['-c:v', 'mpeg4', '-b:v', '8M', '-g', '60', '-c:a', 'aac', '-b:a', '128k', partial],
    ],
    { timeoutMs: 900_000 },
  )
  await rename(partial, film)
  return film
}
