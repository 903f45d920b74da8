import { run } from '../../src/main/base/spawn.ts'
import type { Tools } from '../../src/main/media/tools.ts'
import { hashTracks } from '../../src/main/streaming/testing-packets.ts'
import type { ClientStream } from './client.ts'

/** Samples per second that sound is compared at: enough for the pitches of the test media. */
const RATE = 8_000

/** What decides about two sounds: the first seconds of them, and how far one is shifted against the other. */
const COMPARED_S = 12
const LARGEST_SHIFT_S = 0.1

/** One frame of AAC at 48 kHz, in seconds. */
const FRAME_S = 1024 / 48_000

/** Sounds are the same when they are so much alike, 0 to 1; another pitch is below 0.1. */
const LEAST_LIKENESS = 0.8

/** A gap between two frames of sound that nobody hears, in seconds. */
const LARGEST_GAP_S = 0.0015

type Heard = { startS: number; samples: Float64Array }

/**
 * Lays the sound of a stream beside the source's: it is the same, it goes on without a gap, and its distance to the
 * source is within a frame of `expectedS`: that of the pictures, or what the stream leaves out before its start.
 */
export async function compareSound(
  tools: Tools,
  source: string,
  stream: ClientStream,
  expectedS: number,
): Promise<{ faults: string[]; offsetS: number }> {
  const [wanted, heard, packets] = await Promise.all([
    listen(tools, [], source),
    listen(tools, stream.before, stream.input),
    hashTracks(tools, stream.input, 'copy', { before: stream.before, after: ['-vn'] }),
  ])
  const faults: string[] = []
  // Behind the end of the source's sound comes silence, which may begin a frame later.
  const endS = heard.startS + wanted.samples.length / RATE - FRAME_S
  const gaps = packets.audio.filter((it, at) => {
    const next = packets.audio[at + 1]
    return next && next.timeS < endS && Math.abs(next.timeS - it.timeS - it.durationS) > LARGEST_GAP_S
  })
  if (gaps.length > 0) faults.push(`sound: ${gaps.length} gaps, the first at ${gaps[0]?.timeS.toFixed(3)} s`)
  const { shiftS, likeness } = align(wanted, heard, expectedS)
  if (!(likeness >= LEAST_LIKENESS)) faults.push(`sound: ${likeness.toFixed(2)} alike`)
  else if (Math.abs(shiftS) > FRAME_S) faults.push(`sound: ${shiftS.toFixed(4)} s from the picture`)
  return { faults, offsetS: shiftS }
}

async function listen(tools: Tools, before: readonly string[], input: string): Promise<Heard> {
  const quiet = ['-nostdin', '-hide_banner', '-loglevel', 'error']
  const filters = ['-af', `aresample=${RATE}:async=1`, '-ac', '1', '-t', String(COMPARED_S)]
  const [frames, { stdout }] = await Promise.all([
    hashTracks(tools, input, 'decode', { before, after: ['-vn'] }),
    run(
      tools.ffmpeg.path,
      [...quiet, ...before, '-i', input, '-map', '0:a:0', ...filters, '-f', 's16le', '-'],
      { timeoutMs: 60_000, maxOutputBytes: 64 << 20 },
    ),
  ])
  const samples = new Float64Array(Math.floor(stdout.length / 2)).map((_, at) => stdout.readInt16LE(at * 2))
  return { startS: frames.audio[0]?.timeS ?? 0, samples }
}

/** Finds the shift at which two sounds are most alike, counted from where they should be. */
function align(wanted: Heard, heard: Heard, expectedS: number): { shiftS: number; likeness: number } {
  const zero = Math.round((heard.startS - wanted.startS - expectedS) * RATE)
  const range = Math.round(LARGEST_SHIFT_S * RATE)
  let best = { shiftS: 0, likeness: -1 }
  for (let shift = -range; shift <= range; shift++) {
    const likeness = likenessOf(wanted.samples, heard.samples, zero - shift)
    if (likeness > best.likeness) best = { shiftS: shift / RATE, likeness }
  }
  return best
}

/** Correlation of one sound with another that begins `delay` samples later in it; gaps at the ends are left out. */
function likenessOf(one: Float64Array, other: Float64Array, delay: number): number {
  const from = Math.max(0, delay)
  const to = Math.min(one.length, other.length + delay)
  let [both, ofOne, ofOther] = [0, 0, 0]
  for (let at = from; at < to; at++) {
    const a = one[at] ?? 0
    const b = other[at - delay] ?? 0
    both += a * b
    ofOne += a * a
    ofOther += b * b
  }
  return ofOne > 0 && ofOther > 0 ? both / Math.sqrt(ofOne * ofOther) : 0
}
