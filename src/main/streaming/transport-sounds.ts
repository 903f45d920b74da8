import type { TransportSound } from '../../shared/media.ts'
import { AAC_FRAME_SAMPLES, adtsRate, readAdtsHeader, sameAdts, type AdtsHeader } from '../media/adts.ts'
import { TRANSPORT_CLOCK } from '../media/transport-grid.ts'
import { ScanFault } from '../media/scan-fault.ts'
import type { Pes } from '../media/transport-pes.ts'

/** A PES packet of sound: its place, and the times of its first and its last frame. */
type SoundPacket = { at: number; endAt: number; firstS: number; lastS: number }

/** What a scan knows of a sound track so far; plain JSON. */
export type SoundState = {
  pid: number
  header: AdtsHeader | null
  firstS: number | null
  endS: number
  /** Settled for so many marks: see `TransportSound`. */
  from: number[]
  to: number[]
  /** Packets that marks to come may ask for. */
  recent: SoundPacket[]
}

/** A frame of AAC without its header, and its time in seconds. */
export type SoundFrame = { data: Buffer; timeS: number }

/** A larger hole is a cut in a recording. */
const LARGEST_HOLE_S = 10

/** Packets remembered without any mark: some hours of sound. */
const MOST_RECENT = 200_000

/** The state before anything was read. */
export const newSound = (pid: number): SoundState => ({
  ...{ pid, header: null, firstS: null, endS: 0 },
  ...{ from: [], to: [], recent: [] },
})

/**
 * The frames of a PES packet that begins at `ticks`. Throws `ScanFault` unless whole frames fill it, all with
 * headers like `known`.
 */
export function soundFrames(payload: Buffer, ticks: number, known: AdtsHeader | null): SoundFrame[] {
  const frames: SoundFrame[] = []
  for (let at = 0; at < payload.length;) {
    const header = readAdtsHeader(payload, at)
    if (!header || at + header.frameBytes > payload.length || (known && !sameAdts(header, known))) {
      throw new ScanFault('a PES packet of sound does not hold whole frames')
    }
    const timeS = ticks / TRANSPORT_CLOCK + (frames.length * AAC_FRAME_SAMPLES) / adtsRate(header)
    frames.push({ data: payload.subarray(at + header.headerBytes, at + header.frameBytes), timeS })
    known ??= header
    at += header.frameBytes
  }
  return frames
}

/** Takes a PES packet in. Throws `ScanFault` where sound overlaps or jumps. */
export function addSound(state: SoundState, pes: Pes, ticks: number): void {
  state.header ??= readAdtsHeader(pes.payload, 0)
  const frames = soundFrames(pes.payload, ticks, state.header)
  const [first, last] = [frames[0], frames.at(-1)]
  if (!first || !last || !state.header) return
  const before = state.recent.at(-1)
  if (before && (first.timeS <= before.lastS || first.timeS - before.lastS > LARGEST_HOLE_S)) {
    throw new ScanFault('the time of the sound jumps')
  }
  state.firstS ??= first.timeS
  state.endS = last.timeS + AAC_FRAME_SAMPLES / adtsRate(state.header)
  state.recent.push({ at: pes.at, endAt: pes.endAt, firstS: first.timeS, lastS: last.timeS })
  if (state.recent.length > MOST_RECENT) throw new ScanFault('there is no picture for hours')
}

/** Settles the marks (times in seconds, rising) for which the packets are known; the rest waits for more packets. */
export function settleSound(state: SoundState, marksS: readonly number[]): void {
  const { from, to, recent } = state
  while (from.length < marksS.length) {
    const markS = marksS[from.length] ?? 0
    const found = recent.find((packet) => packet.lastS >= markS)
    if (!found) break
    from.push(found.at)
  }
  while (to.length < marksS.length) {
    const markS = marksS[to.length] ?? 0
    const behind = recent.findIndex((packet) => packet.firstS >= markS)
    if (behind < 0) break
    to.push(recent[behind - 1]?.endAt ?? recent[behind]?.at ?? 0)
  }
  // Marks to come lie behind the last one; one packet before them stays, for its end.
  const needS = marksS[Math.min(from.length, to.length)] ?? marksS.at(-1) ?? -Infinity
  let needed = 0
  while ((recent[needed + 1]?.firstS ?? Infinity) < needS && (recent[needed]?.lastS ?? 0) < needS) needed += 1
  recent.splice(0, needed)
}

/** Settles what is left when nothing follows: no sound comes at or after these marks. */
export function endSound(state: SoundState, marksS: readonly number[], endAt: number): TransportSound | null {
  settleSound(state, marksS)
  const { pid, header, from, to, recent } = state
  if (!header) return null
  const rest = (settled: number[], at: number): number[] =>
    settled.concat(marksS.slice(settled.length).map(() => at))
  const { objectType, rateIndex, channels } = header
  return {
    ...{ pid, objectType, rateIndex, channels },
    from: rest(from, endAt),
    to: rest(to, recent.at(-1)?.endAt ?? endAt),
  }
}
