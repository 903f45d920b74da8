/** What the header of a frame of sound says. */
export type SoundHeader = { frameBytes: number; samples: number; sampleRate: number; channels: number }

const MP2_KBITS_V1 = [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 0]
const MP2_KBITS_V2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0]
const MPEG_RATES = [44_100, 48_000, 32_000, 0]

/** Reads the header of an MPEG audio layer II frame (ISO 11172-3 section 2.4.1.3, ISO 13818-3). Null when there is none. */
export function readMp2Header(bytes: Buffer, at: number): SoundHeader | null {
  const [sync, kind = 0, rates = 0, mode] = bytes.subarray(at, at + 4)
  if (sync !== 0xff || mode === undefined || (kind & 0xf0) !== 0xf0 || ((kind >> 1) & 3) !== 2) return null
  const isV1 = (kind & 8) !== 0
  const kbits = (isV1 ? MP2_KBITS_V1 : MP2_KBITS_V2)[rates >> 4] ?? 0
  const sampleRate = (MPEG_RATES[(rates >> 2) & 3] ?? 0) / (isV1 ? 1 : 2)
  if (kbits === 0 || sampleRate === 0) return null
  const frameBytes = Math.floor((144_000 * kbits) / sampleRate) + ((rates >> 1) & 1)
  return { frameBytes, samples: 1152, sampleRate, channels: mode >> 6 === 3 ? 1 : 2 }
}

const AC3_RATES = [48_000, 44_100, 32_000]
const AC3_KBITS = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640]
const AC3_SAMPLES = 1536
/** Channels by acmod, without the one of low frequencies. */
const AC3_CHANNELS = [2, 1, 2, 3, 3, 4, 4, 5]
/** bsid of AC-3 as it is defined; those above are of half a rate or E-AC-3. */
const AC3_LAST_ID = 8

/** Reads the header of an AC-3 frame (ETSI TS 102 366 sections 4.3 and 4.4). Null when there is none. */
export function readAc3Header(bytes: Buffer, at: number): SoundHeader | null {
  const [a, b, , , sizes = 0, id = 0, modes = 0, more] = bytes.subarray(at, at + 8)
  if (a !== 0x0b || b !== 0x77 || more === undefined || id >> 3 > AC3_LAST_ID) return null
  const sampleRate = AC3_RATES[sizes >> 6]
  const kbits = AC3_KBITS[(sizes & 63) >> 1]
  if (sampleRate === undefined || kbits === undefined) return null
  const words = Math.floor((kbits * 1000 * AC3_SAMPLES) / sampleRate / 16)
  const mode = modes >> 5
  // cmixlev, surmixlev and dsurmod stand between acmod and lfeon, each where it means something.
  const levels = ((mode & 1) === 1 && mode !== 1 ? 2 : 0) + ((mode & 4) !== 0 ? 2 : 0) + (mode === 2 ? 2 : 0)
  const hasLow = (((modes << 8) | more) >> (12 - levels)) & 1
  return {
    frameBytes: 2 * (words + (sampleRate === 44_100 ? sizes & 1 : 0)),
    ...{ samples: AC3_SAMPLES, sampleRate, channels: (AC3_CHANNELS[mode] ?? 0) + hasLow },
  }
}
