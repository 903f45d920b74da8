/** How one test file is made. */
export type Recipe = {
  name: string
  /** What of the real world it stands for. */
  trait: string
  /** ffmpeg's options between the global ones and the output. `@name` is another test file's path. */
  args?: string[]
  /** Keeps the times of the frames as they are; the option for it depends on ffmpeg's version. */
  frameTimes?: 'vfr'
  /** Encoders that must be there. */
  encoders?: string[]
  /** Another test file that `bytes` reads. */
  needs?: string
  /** Makes the bytes without ffmpeg; `read` gives another test file. */
  bytes?: (read: (name: string) => Buffer) => Buffer
  /** Raised when `bytes` makes something else than before: a function has no text to compare that holds everywhere. */
  revision?: number
}

/** A test picture that changes with every frame. */
export const picture = (size: string, rate: string, seconds: number): string[] => [
  '-f',
  'lavfi',
  '-i',
  `testsrc2=s=${size}:r=${rate}:d=${seconds}`,
]
/** A tone with beeps, so that no two packets are alike. */
export const sound = (seconds: number, rate = 48_000, pitch = 440): string[] => [
  '-f',
  'lavfi',
  '-i',
  `sine=f=${pitch}:b=4:r=${rate}:d=${seconds}`,
]
/** H.264 with a key frame every `gop` frames and nowhere else. */
export const x264 = (gop: number, bframes: number, more: string[] = []): string[] => [
  ...['-c:v', 'libx264', '-preset', 'superfast', '-pix_fmt', 'yuv420p', '-crf', '26'],
  ...['-bf', String(bframes), '-g', String(gop), '-keyint_min', String(gop), '-sc_threshold', '0', ...more],
]
/** H.264 whose key frames every `gop` frames are no IDR: pictures behind them refer to pictures before. */
export const openGops = (gop: number): string[] => [
  ...['-c:v', 'libx264', '-preset', 'superfast', '-pix_fmt', 'yuv420p', '-crf', '26'],
  ...['-x264-params', `open-gop=1:bframes=3:keyint=${gop}:min-keyint=${gop}:scenecut=0`],
]
/** AV1 with a key frame every 2 s of 15 frames/s. */
export const av1 = [
  ...['-c:v', 'libaom-av1', '-cpu-used', '8', '-usage', 'realtime', '-row-mt', '1', '-b:v', '150k'],
  ...['-g', '30', '-keyint_min', '30', '-pix_fmt', 'yuv420p', '-strict', '-2'],
]
/** Sound as most films have it. */
export const aac = ['-c:a', 'aac', '-ac', '2', '-b:a', '96k']
/** Ten seconds of a small picture. */
export const small = picture('320x180', '30', 10)

/**
 * The same film turned by so many degrees clockwise: the matrix in the first track's header (ISO 14496-12 8.3.2) is
 * replaced. ffmpeg has changed its option for that twice, bytes are the same for every version.
 */
export function rotated(film: Buffer, degrees: 90 | 180 | 270 = 90): Buffer {
  const turned = Buffer.from(film)
  const matrix = turned.indexOf('tkhd', 0, 'latin1') + 44
  const width = turned.readUInt32BE(matrix + 36)
  const height = turned.readUInt32BE(matrix + 40)
  const one = 0x10000
  const less = 0xffff0000
  const values = {
    90: [0, one, 0, less, 0, 0, height, 0, 0x40000000],
    180: [less, 0, 0, 0, less, 0, width, height, 0x40000000],
    270: [0, less, 0, one, 0, 0, 0, width, 0x40000000],
  }[degrees]
  values.forEach((value, at) => turned.writeUInt32BE(value, matrix + at * 4))
  return turned
}

/** The packets of a transport stream. */
export const packetsOf = (stream: Buffer): Buffer[] =>
  Array.from({ length: stream.length / 188 }, (_, at) => stream.subarray(at * 188, (at + 1) * 188))

/** Bytes that look random and are the same each time. */
export function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let state = 0x2545f491
  for (let at = 0; at < length; at++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[at] = state & 255
  }
  return bytes
}
