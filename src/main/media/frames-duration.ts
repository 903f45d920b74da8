import { AAC_FRAME_SAMPLES, adtsRate, readAdtsHeader } from './adts.ts'
import { id3Length } from './audio-frames.ts'
import { readMp3Header } from './mp3-frames.ts'
import { openFile } from './source.ts'

/** Bytes of frames that stand for all of them: half a minute of sound. */
const SAMPLE_BYTES = 512 * 1024

/**
 * Estimates how long a file of bare MP3 or ADTS frames lasts, in seconds, from the first of them: to know it exactly,
 * the file must be read whole, which its index does later. Null when there are none.
 */
export async function estimateDurationS(path: string): Promise<number | null> {
  const file = await openFile(path)
  try {
    const { size } = await file.stat()
    const bytes = Buffer.alloc(Math.min(SAMPLE_BYTES, size))
    await file.read(bytes, 0, bytes.length, 0)
    const tagBytes = id3Length(bytes)
    const { bytesRead } = await file.read(bytes, 0, bytes.length, tagBytes)
    const { lengthS, end } = lengthOf(bytes.subarray(0, bytesRead))
    return lengthS > 0 ? (lengthS * (size - tagBytes)) / end : null
  } finally {
    await file.close()
  }
}

/** How long the frames at the start last, and where the last whole one ends. */
function lengthOf(bytes: Buffer): { lengthS: number; end: number } {
  let lengthS = 0
  let at = 0
  let end = 0
  while (at < bytes.length) {
    const frame = frameAt(bytes, at)
    at += frame?.bytes ?? 1
    if (!frame || at > bytes.length) continue
    lengthS += frame.lengthS
    end = at
  }
  return { lengthS, end }
}

function frameAt(bytes: Buffer, at: number): { bytes: number; lengthS: number } | null {
  const adts = readAdtsHeader(bytes, at)
  if (adts) return { bytes: adts.frameBytes, lengthS: AAC_FRAME_SAMPLES / adtsRate(adts) }
  const mp3 = readMp3Header(bytes, at)
  return mp3 && { bytes: mp3.frameBytes, lengthS: mp3.samples / mp3.sampleRate }
}
