/** What an AudioSpecificConfig is made of: object type, index of the rate, channel configuration. */
export type AdtsFormat = { objectType: number; rateIndex: number; channels: number }

/** The header of an ADTS frame (ISO 14496-3 section 1.A.2.2); `frameBytes` counts the header and the sound. */
export type AdtsHeader = AdtsFormat & { headerBytes: number; frameBytes: number }

/** Samples in a frame of AAC. */
export const AAC_FRAME_SAMPLES = 1024

/** Rates by sampling_frequency_index (ISO 14496-3 table 1.18). */
const RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350,
]

/** Shortest header; nine bytes with its checksum. */
const HEADER_BYTES = 7

/**
 * Reads the header of the frame at `at`. Null when there is none, or one that nothing here copies: several blocks in a
 * frame, or channels that only the sound itself describes.
 */
export function readAdtsHeader(bytes: Uint8Array, at: number): AdtsHeader | null {
  if (at + HEADER_BYTES > bytes.length) return null
  const b1 = bytes[at + 1] ?? 0
  // syncword, layer 0; the ID bit may be either.
  if (bytes[at] !== 0xff || (b1 & 0xf6) !== 0xf0) return null
  const b2 = bytes[at + 2] ?? 0
  const b3 = bytes[at + 3] ?? 0
  const b6 = bytes[at + 6] ?? 0
  const headerBytes = (b1 & 1) === 1 ? HEADER_BYTES : HEADER_BYTES + 2
  const frameBytes = ((b3 & 3) << 11) | ((bytes[at + 4] ?? 0) << 3) | ((bytes[at + 5] ?? 0) >> 5)
  const rateIndex = (b2 >> 2) & 15
  const channels = ((b2 & 1) << 2) | (b3 >> 6)
  if (frameBytes <= headerBytes || RATES[rateIndex] === undefined || channels === 0 || (b6 & 3) !== 0)
    return null
  return { headerBytes, frameBytes, objectType: (b2 >> 6) + 1, rateIndex, channels }
}

/** Samples a second of the sound in frames with this header. */
export const adtsRate = ({ rateIndex }: Pick<AdtsFormat, 'rateIndex'>): number => RATES[rateIndex] ?? 0

/** Number of channels: configuration 7 stands for 7.1. */
export const adtsChannels = ({ channels }: Pick<AdtsFormat, 'channels'>): number =>
  channels === 7 ? 8 : channels

/** True when two frames are decoded alike. */
export const sameAdts = (a: AdtsFormat, b: AdtsFormat): boolean =>
  a.objectType === b.objectType && a.rateIndex === b.rateIndex && a.channels === b.channels

/** The AudioSpecificConfig (ISO 14496-3 section 1.6.2.1) that takes the place of the headers. */
export function audioSpecificConfig({ objectType, rateIndex, channels }: AdtsFormat): Buffer {
  return Buffer.from([(objectType << 3) | (rateIndex >> 1), ((rateIndex & 1) << 7) | (channels << 3)])
}
