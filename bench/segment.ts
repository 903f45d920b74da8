import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { startBuiltEngine } from '../e2e/engine.ts'
import { createCountingClient } from './counting-client.ts'
import { compare, timeMs, type Benchmark } from './measure.ts'
import { LONG_FILM_S, longFilm, peerFfmpeg } from './media.ts'
import { openStream, shareAndWait } from './player.ts'

const PAIRS = 200
const SEGMENT_S = 4

/** One segment nobody has asked for before, over HTTP, against one ffmpeg process that cuts it. */
export const segment: Benchmark = async ({ folder, log }) => {
  const ffmpeg = await peerFfmpeg()
  const film = await longFilm(folder, log)
  const dataDir = join(folder, 'segment')
  rmSync(dataDir, { recursive: true, force: true })
  const engine = await startBuiltEngine({ dataDir })
  try {
    const { id } = await engine.addFile(film)
    const { stream_url } = await shareAndWait(engine, id)
    const { segments } = await openStream(stream_url)
    const client = createCountingClient(engine.shareUrl)

    const ours: number[] = []
    const peer: number[] = []
    let bytes = 0
    for (const index of scattered(Math.min(segments.length, LONG_FILM_S / SEGMENT_S), PAIRS)) {
      const { pathname } = new URL(segments[index] ?? '')
      ours.push(
        await timeMs(async () => {
          bytes += await client.get(pathname)
        }),
      )
      peer.push(await timeMs(() => cut(ffmpeg, film, index * SEGMENT_S)))
      if (ours.length % 50 === 0) log(`${ours.length}/${PAIRS}`)
    }
    client.close()
    log(`${segments.length} segments, ${(bytes / PAIRS / 1e6).toFixed(2)} MB each`)
    return [
      compare('segment not cached, median', 20, ours, peer),
      compare('segment not cached, p99', 3, ours, peer, 0.99),
    ]
  } finally {
    await engine.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** `count` different numbers below `end`, far from their neighbours in the row, the same each time. */
function scattered(end: number, count: number): number[] {
  // Steps by a number without a common divisor with `end` visit each number once.
  let step = Math.floor(end * 0.618)
  while (gcd(step, end) !== 1) step++
  return Array.from({ length: count }, (_, at) => (at * step + 7) % end)
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))

/** The same piece as a fragment by ffmpeg, through a pipe as a server would take it; its bytes are counted as well. */
function cut(ffmpeg: string, film: string, startS: number): Promise<number> {
  const args = [
    ...[
      '-nostdin',
      '-loglevel',
      'error',
      '-ss',
      String(startS),
      '-i',
      film,
      '-t',
      String(SEGMENT_S),
      '-c',
      'copy',
    ],
    ...['-f', 'mp4', '-movflags', 'frag_keyframe+empty_moov+default_base_moof', 'pipe:1'],
  ]
  return new Promise((resolve, reject) => {
    const child = spawn(ffmpeg, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let bytes = 0
    child.stdout.on('data', (chunk: Buffer) => (bytes += chunk.length))
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve(bytes)
      else reject(new Error(`ffmpeg ended with ${String(code)}`))
    })
  })
}
