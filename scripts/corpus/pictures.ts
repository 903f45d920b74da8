import { run } from '../../src/main/base/spawn.ts'
import type { Tools } from '../../src/main/media/tools.ts'
import { hashTracks } from '../../src/main/streaming/testing-packets.ts'
import type { ClientStream } from './client.ts'
import type { Comparison } from './expected.ts'

/** Least PSNR of a picture that was encoded anew, in dB. */
const LEAST_DB = 38

/** Fine enough for any rhythm; ffmpeg would round to that of the frame rate. */
const CLOCK = '1/90000'

/** What ffmpeg tells where there is no time is far more, in seconds. */
const NO_TIME_S = 1e6

/** Times that Matroska (1 ms) and a stream (1/90000 s) tell of one picture differ by less, in seconds. */
const SAME_TIME_S = 0.002

/** What came of laying pictures beside each other. */
export type ComparedPictures = {
  faults: string[]
  count: number
  /** The worst PSNR of any picture, in dB; Infinity when all are equal. */
  worstDb: number
  /** Stream time minus source time, in seconds: the middle of all pictures. */
  offsetS: number
  /** When the source shows its first one, in seconds. */
  firstS: number
}

/** Decodes the pictures of a source and of the stream made of it, and lays them side by side: number, order, looks, times. */
export async function comparePictures(
  tools: Tools,
  source: string,
  stream: ClientStream,
  { filters, leastDb = LEAST_DB, isUncounted = false, mayRepeat = false }: Comparison,
): Promise<ComparedPictures> {
  const [width, height] = stream.size ?? [0, 0]
  const shape = `scale=${width}:${height},setsar=1,format=yuv420p`
  const before = filters === undefined ? shape : `${filters},${shape}`
  const [wanted, allShown, wantedS, allShownS] = await Promise.all([
    decode(tools, [], source, before, [width, height]),
    decode(tools, stream.before, stream.input, shape, [width, height]),
    timesOf(tools, [], source),
    timesOf(tools, stream.before, stream.input),
  ])
  const repeats = mayRepeat ? repeatsIn(wantedS, allShownS) : []
  const shown = allShown.filter((_, at) => !repeats.includes(at))
  const shownS = allShownS.filter((_, at) => !repeats.includes(at))
  const faults: string[] = []
  if (!isUncounted && wanted.length !== shown.length) {
    faults.push(`${shown.length} pictures for ${wanted.length}`)
  }
  const pairs = Math.min(wanted.length, shown.length)
  const offsets = Array.from({ length: pairs }, (_, at) => (shownS[at] ?? NaN) - (wantedS[at] ?? NaN))
  const offsetS = middle(offsets)
  const firstS = wantedS[0] ?? 0
  if (isUncounted) return { faults, count: shown.length, worstDb: Infinity, offsetS, firstS }

  const stepS = ((shownS.at(-1) ?? 0) - (shownS[0] ?? 0)) / Math.max(1, shown.length - 1)
  const off = offsets.filter((it) => !(Math.abs(it - offsetS) < Math.max(0.002, stepS / 2)))
  if (off.length > 0) faults.push(`${off.length} pictures at another time`)
  let worstDb = Infinity
  let misplaced = 0
  for (let at = 0; at < pairs; at++) {
    const [picture, own] = [shown[at], wanted[at]]
    if (!picture || !own) continue
    const db = psnr(picture, own)
    worstDb = Math.min(worstDb, db)
    // Where little likeness is asked for, it must at least be more than that with the pictures beside it.
    const neighbours = leastDb < LEAST_DB ? [wanted[at - 1], wanted[at + 1]] : []
    if (neighbours.some((it) => it && psnr(picture, it) > db)) misplaced += 1
  }
  for (const at of repeats) {
    const seen = wanted[wantedS.findLastIndex((it) => it + offsetS <= (allShownS[at] ?? 0))] ?? wanted[0]
    const repeat = allShown[at]
    if (seen && repeat) worstDb = Math.min(worstDb, psnr(repeat, seen))
  }
  if (misplaced > 0) faults.push(`${misplaced} pictures are more like their neighbours`)
  if (worstDb < leastDb) faults.push(`${worstDb.toFixed(1)} dB`)
  return { faults, count: shown.length, worstDb, offsetS, firstS }
}

/** Places of the shown pictures that stand at no picture's time; the source's first one may be shown before its time. */
function repeatsIn(wantedS: readonly number[], shownS: readonly number[]): number[] {
  const repeatsFrom = (startS: number): number[] =>
    shownS.flatMap((it, at) =>
      wantedS.some((timeS) => Math.abs(timeS + startS - it) < SAME_TIME_S) ? [] : [at],
    )
  const [first = 0] = wantedS
  const [whole, later] = [shownS[0] ?? 0, shownS[1] ?? Infinity].map((it) => repeatsFrom(it - first))
  return whole && later && later.length < whole.length ? later : (whole ?? [])
}

async function decode(
  tools: Tools,
  before: readonly string[],
  input: string,
  filters: string,
  [width, height]: readonly [number, number],
): Promise<Buffer[]> {
  const { stdout } = await run(
    tools.ffmpeg.path,
    [
      ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-threads', '2', ...before, '-i', input],
      ...['-map', '0:V:0', '-vf', filters],
      ...[tools.hasFpsMode ? '-fps_mode' : '-vsync', 'passthrough', '-f', 'rawvideo', '-'],
    ],
    { timeoutMs: 120_000, maxOutputBytes: 1 << 30 },
  )
  const size = width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2)
  return Array.from({ length: Math.floor(stdout.length / size) }, (_, at) =>
    stdout.subarray(at * size, (at + 1) * size),
  )
}

/**
 * When pictures are shown, in seconds, as packets tell it: there is a packet with a time for each picture. Else, and in
 * AVI, as a decoder does.
 */
async function timesOf(tools: Tools, before: readonly string[], input: string): Promise<number[]> {
  const [packets, decoded] = await Promise.all([
    hashTracks(tools, input, 'copy', { before, after: ['-an'] }),
    hashTracks(tools, input, 'decode', {
      before,
      after: ['-an', '-vf', `settb=${CLOCK}`, '-enc_time_base', CLOCK],
    }),
  ])
  const isTold =
    packets.video.length === decoded.video.length &&
    packets.video.every(({ timeS }) => Math.abs(timeS) < NO_TIME_S) &&
    !input.endsWith('.avi')
  const times = (isTold ? packets : decoded).video.map(({ timeS }) => timeS)
  return times.sort((one, other) => one - other)
}

const middle = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0

function psnr(one: Buffer, other: Buffer): number {
  let sum = 0
  for (let at = 0; at < one.length; at++) sum += ((one[at] ?? 0) - (other[at] ?? 0)) ** 2
  return sum === 0 ? Infinity : 10 * Math.log10(255 ** 2 / (sum / one.length))
}
