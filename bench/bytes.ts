import {
  appendFileSync,
  createReadStream,
  mkdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { startBuiltEngine, type RunningEngine } from '../e2e/engine.ts'
import { run } from '../src/main/base/spawn.ts'
import { median, showMs, type Benchmark, type Row } from './measure.ts'
import { peerFfmpeg } from './media.ts'
import { startNginx } from './nginx.ts'
import { fetchBytes, openStream, shareAndWait } from './player.ts'
import { growthUnderSlowReaders } from './slow-readers.ts'
import { runWrk, type Load } from './wrk.ts'

const PAIRS = 5
const RUN_S = 2
const CONNECTIONS = [1, 10, 50] as const
/** Where the last hundredth of answers is compared as well. */
const P99_CONNECTIONS = 10
const RANGE_BYTES = 1024 * 1024
const LARGE_BYTES = 4 * 1024 ** 3
const SLOW_READERS = 300
const SLOW_S = 10
/** TARGETS.md: the memory that those may cost. */
const MOST_GROWTH_BYTES = 150e6

/** The same bytes at both servers. */
type Target = {
  what: string
  ours: string
  peer: string
  must: number
  ranges?: { bytes: number; size: number }
}

/**
 * A segment of 6 MB out of the memory of Matinee, and ranges of 1 MB out of a download of 4 GB, against nginx with
 * sendfile: wrk asks both in turn for the same bytes. Then many slow readers of that download, for the memory they cost.
 */
export const bytes: Benchmark = async ({ folder, log }) => {
  const root = join(folder, 'bytes')
  rmSync(root, { recursive: true, force: true })
  mkdirSync(root)
  const large = await makeLarge(root)
  const nginx = await startNginx(root, join(folder, 'nginx'))
  const engine = await startBuiltEngine()
  try {
    const segmentUrl = await cachedSegment(engine, join(root, 'film.mp4'), join(root, 'segment.m4s'))
    const { media_download_url: downloadUrl = '' } = await shareAndWait(
      engine,
      (await engine.addFile(large)).id,
    )
    log(`a segment of ${(statSync(join(root, 'segment.m4s')).size / 1e6).toFixed(1)} MB`)
    const slow = await slowReaders(engine, downloadUrl)
    const rows: Row[] = []
    for (const target of [
      { what: 'cached segment', ours: segmentUrl, peer: `${nginx.url}/segment.m4s`, must: 0.8 },
      {
        what: '1 MB ranges of a 4 GB download',
        ours: downloadUrl,
        peer: `${nginx.url}/large.mp4`,
        must: 0.6,
        ranges: { bytes: RANGE_BYTES, size: LARGE_BYTES },
      },
    ]) {
      for (const connections of CONNECTIONS) rows.push(...(await measure(target, connections, log)))
    }
    return [...rows, slow]
  } finally {
    await engine.stop()
    await nginx.stop()
    rmSync(root, { recursive: true })
  }
}

async function measure(
  { what, ours, peer, must, ranges }: Target,
  connections: number,
  log: (line: string) => void,
): Promise<Row[]> {
  const loadOf = (url: string): Promise<Load> => runWrk(url, connections, RUN_S, ranges)
  const pairs: { ours: Load; peer: Load }[] = []
  // The first pair fills caches and compiles.
  for (let pair = 0; pair <= PAIRS; pair++) {
    const both = { ours: await loadOf(ours), peer: await loadOf(peer) }
    if (pair > 0) pairs.push(both)
  }
  /** The middle of the ratios within pairs: what slows the machine for a while slows both of a pair. */
  const middle = (of: (pair: { ours: Load; peer: Load }) => number): number => median(pairs.map(of))
  const title = `${what}, ${connections} ${connections === 1 ? 'connection' : 'connections'}`
  const speed = {
    what: title,
    ours: showSpeed(middle((it) => it.ours.bytesPerS)),
    peer: showSpeed(middle((it) => it.peer.bytesPerS)),
    ratio: middle((it) => it.ours.bytesPerS / it.peer.bytesPerS),
    must,
  }
  log(`${title}: ${speed.ours}, nginx ${speed.peer}`)
  if (connections !== P99_CONNECTIONS) return [speed]
  const latency = {
    what: `${title}, p99`,
    ours: showMs(middle((it) => it.ours.p99Ms)),
    peer: showMs(middle((it) => it.peer.p99Ms)),
    ratio: middle((it) => it.peer.p99Ms / it.ours.p99Ms),
    // At most 2.5 times as long.
    must: 1 / 2.5,
  }
  return [speed, latency]
}

async function slowReaders(engine: RunningEngine, url: string): Promise<Row> {
  const growth = await growthUnderSlowReaders(url, engine.process.pid ?? 0, SLOW_READERS, SLOW_S)
  return {
    what: `memory for ${SLOW_READERS} slow readers of one download`,
    ours: `+ ${(growth / 1e6).toFixed(0)} MB`,
    peer: `+ ${MOST_GROWTH_BYTES / 1e6} MB allowed`,
    ratio: MOST_GROWTH_BYTES / Math.max(growth, 1),
    must: 1,
  }
}

/** Address of a segment that Matinee has in memory from now on; the same bytes are written to `copy`. */
async function cachedSegment(engine: RunningEngine, film: string, copy: string): Promise<string> {
  const { stream_url } = await shareAndWait(engine, (await engine.addFile(film)).id)
  const url = (await openStream(stream_url)).segments[1] ?? ''
  writeFileSync(copy, await fetchBytes(url))
  return url
}

/**
 * Makes a film of 12 Mbit/s with a key frame every 4 s in `root`, and the same with so much room at its end that it has
 * 4 GB. All of that is read once, so that neither server waits for the disk; returns its path.
 */
async function makeLarge(root: string): Promise<string> {
  const [film, large] = [join(root, 'film.mp4'), join(root, 'large.mp4')]
  const rate = ['-b:v', '12M', '-minrate', '12M', '-maxrate', '12M', '-bufsize', '12M']
  const picture = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '120', ...rate]
  await run(
    await peerFfmpeg(),
    [
      ...['-nostdin', '-loglevel', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=30:d=20'],
      ...['-f', 'lavfi', '-i', 'sine=f=440:b=4:r=48000:d=20', '-c:a', 'aac', '-b:a', '128k'],
      ...[...picture, '-sc_threshold', '0', '-x264-params', 'nal-hrd=cbr', film],
    ],
    { timeoutMs: 120_000 },
  )
  await copyFile(film, large)
  appendFileSync(large, freeBoxHead(LARGE_BYTES - statSync(film).size))
  truncateSync(large, LARGE_BYTES)
  await finished(createReadStream(large, { highWaterMark: 4 * RANGE_BYTES }).resume())
  return large
}

/** Head of a `free` box (ISO/IEC 14496-12 section 8.1.2) of so many bytes in all: players skip it. */
function freeBoxHead(size: number): Buffer {
  const head = Buffer.alloc(16)
  head.writeUInt32BE(1, 0)
  head.write('free', 4, 'latin1')
  head.writeBigUInt64BE(BigInt(size), 8)
  return head
}

const showSpeed = (bytesPerS: number): string => `${(bytesPerS / 1e9).toFixed(2)} GB/s`
