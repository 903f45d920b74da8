/** What the header of an MPEG audio layer III frame says (ISO 11172-3 section 2.4.1.3, ISO 13818-3). */
export type Mp3Header = {
  frameBytes: number
  samples: number
  sampleRate: number
  channels: number
  /** Bytes of header and side information, after which an encoder's own words may stand. */
  sideBytes: number
}

const HEADER_BYTES = 4
const KBITS_V1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0]
const KBITS_V2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0]
const RATES = [44_100, 48_000, 32_000, 0]

/** A frame of Fraunhofer's encoder with facts of the file says so 32 bytes behind its header. */
const VBRI_AT = 36

/** Reads the header of the frame at `at`; null when there is none. A bit rate of its own ("free format") is none. */
export function readMp3Header(bytes: Uint8Array, at: number): Mp3Header | null {
  if (at + HEADER_BYTES > bytes.length) return null
  const kind = bytes[at + 1] ?? 0
  if (bytes[at] !== 0xff || (kind & 0xe0) !== 0xe0) return null
  const version = (kind >> 3) & 3
  // Version 1 is reserved; layer III is written as 1.
  if (version === 1 || ((kind >> 1) & 3) !== 1) return null
  const isV1 = version === 3
  const rates = bytes[at + 2] ?? 0
  const kbits = (isV1 ? KBITS_V1 : KBITS_V2)[rates >> 4] ?? 0
  const sampleRate = (RATES[(rates >> 2) & 3] ?? 0) / (isV1 ? 1 : version === 2 ? 2 : 4)
  if (kbits === 0 || sampleRate === 0) return null
  const isMono = (bytes[at + 3] ?? 0) >> 6 === 3
  return {
    frameBytes: Math.floor(((isV1 ? 144 : 72) * kbits * 1000) / sampleRate) + ((rates >> 1) & 1),
    samples: isV1 ? 1152 : 576,
    ...{ sampleRate, channels: isMono ? 1 : 2 },
    sideBytes: HEADER_BYTES + (isV1 ? (isMono ? 17 : 32) : isMono ? 9 : 17),
  }
}

/** True when two frames belong to one stream. */
export const sameMp3 = (a: Mp3Header, b: Mp3Header): boolean =>
  a.sampleRate === b.sampleRate && a.channels === b.channels && a.samples === b.samples

/**
 * True for a first frame that holds facts of the file and no sound: `Xing`, `Info` (behind the side information) or
 * `VBRI`. A decoder that does not know it would play silence.
 */
export function isMp3Facts(bytes: Buffer, at: number, { sideBytes }: Mp3Header): boolean {
  const word = (offset: number): string => bytes.toString('latin1', at + offset, at + offset + 4)
  return word(sideBytes) === 'Xing' || word(sideBytes) === 'Info' || word(VBRI_AT) === 'VBRI'
}
