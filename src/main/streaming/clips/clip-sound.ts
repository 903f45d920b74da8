import type { AudioTrackInfo, MediaIndex } from '../../../shared/media.ts'
import type { Sample } from '../fragment-writer.ts'
import { ticksIn, type SampleReader, type TimeLine } from '../remux-samples.ts'
import { fillWithSilence, silentFrame } from '../silence.ts'
import { soundMarks, toMarks, type TimeRange } from './marks.ts'

/** A track of sound that is read, and the time line of its samples. */
type SoundSource = {
  reader: SampleReader
  index: MediaIndex
  track: AudioTrackInfo | undefined
  line: TimeLine
}

/**
 * Reads the packets of sound that begin in a range which is cut anywhere, not where segments of the whole file are;
 * where the track has nothing there is silence, for a browser would stop. Their bytes are the caller's own.
 */
export async function readClipSound(
  { reader, index, track, line }: SoundSource,
  range: TimeRange,
  endS: number,
  signal: AbortSignal,
): Promise<Sample[]> {
  const marksS = soundMarks(index)
  const wanted = marksS ? toMarks(marksS, range) : { keyS: range.fromS, ...range }
  const { sounds, release } = await reader.read(wanted, { video: null, audio: line }, signal)
  const { fromTicks, toTicks } = ticksIn(range, range.toS === null ? Infinity : endS, line)
  // Readers that take any time have decided in seconds what a tick's rounding may see otherwise: what they chose stays.
  const chosen = marksS
    ? sounds.filter((it) => it.decodeTicks >= fromTicks && it.decodeTicks < toTicks)
    : sounds
  const owned = chosen.map((sample) => ({ ...sample, data: Buffer.from(sample.data) }))
  release()
  const silence = track && silentFrame(track)
  return silence ? fillWithSilence(owned, ticksIn(range, endS, line), silence, line.timescale) : owned
}
