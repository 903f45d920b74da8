import { availableParallelism } from 'node:os'
import type { ColourTags } from './source-look.ts'
import { LEAST_REORDERED_RATE, type PicturePlan } from './transcode-plan.ts'

/** What encodes pictures: libx264 with the id of its parameter sets, or an encoder of the hardware. */
export type PictureEncoder = { name: 'libx264'; setId: number } | { name: HardwareName }

/** Where all pictures are libx264's. */
export const LIBX264: PictureEncoder = { name: 'libx264', setId: 0 }

/** The same quality everywhere: test pictures with much to tell stay over 38 dB. */
const CRF = 18

/** One more than there are cores keeps them all busy; each keeps a picture back, so more would delay the first ones. */
const THREADS = Math.min(8, availableParallelism() + 1)

type Hardware = {
  platforms: readonly NodeJS.Platform[]
  /** Before the input: what it works on. */
  device?: readonly string[]
  /** How it takes pictures. */
  filters?: readonly string[]
  /** Makes an IDR picture of one that is to be a key frame, where it would be an I picture else. */
  options?: readonly string[]
  /** It knows levels by their text (`4.0`) only; others by their number (40). */
  hasLevelNames?: boolean
}

/** ffmpeg's encoders of H.264 by hardware, those that are least trouble first. Options as in ffmpeg-codecs(1). */
const HARDWARE = {
  h264_videotoolbox: { platforms: ['darwin'], hasLevelNames: true },
  h264_nvenc: { platforms: ['win32', 'linux'], options: ['-forced-idr', '1'] },
  h264_qsv: { platforms: ['win32', 'linux'], filters: ['format=nv12'], options: ['-forced_idr', '1'] },
  h264_amf: { platforms: ['win32'], options: ['-forced_idr', '1'] },
  h264_vaapi: {
    platforms: ['linux'],
    device: ['-vaapi_device', '/dev/dri/renderD128'],
    filters: ['format=nv12', 'hwupload'],
  },
} as const satisfies Record<string, Hardware>

export type HardwareName = keyof typeof HARDWARE

/** The encoders of hardware that a system may have, the best first. */
export const hardwareOf = (platform: NodeJS.Platform): HardwareName[] =>
  (Object.keys(HARDWARE) as HardwareName[]).filter((name) => factsOf(name).platforms.includes(platform))

const factsOf = (name: HardwareName): Hardware => HARDWARE[name]

/** Options before the input. */
export const deviceOptions = ({ name }: PictureEncoder): readonly string[] =>
  name === 'libx264' ? [] : (factsOf(name).device ?? [])

/** Filters behind those that make the picture. */
export const handingFilters = ({ name }: PictureEncoder): readonly string[] =>
  name === 'libx264' ? [] : (factsOf(name).filters ?? [])

/** The options of an encoder, within the profile, level and rate that are told of a picture. */
export function encoderOptions(encoder: PictureEncoder, picture: PicturePlan, colours: ColourTags): string[] {
  return encoder.name === 'libx264'
    ? softwareOptions(encoder.setId, picture, colours)
    : hardwareOptions(encoder.name, picture, colours)
}

const levelName = (level: number): string => `${Math.floor(level / 10)}.${level % 10}`

function softwareOptions(
  setId: number,
  { frameRate, maxBps, level }: PicturePlan,
  { primaries, transfer, matrix }: ColourTags,
): string[] {
  const x264 = [
    ...['keyint=infinite', 'min-keyint=1', 'scenecut=0'],
    ...(frameRate < LEAST_REORDERED_RATE ? ['bframes=0'] : []),
    // ffmpeg 4.1 does not hand them on from the picture.
    ...[`colorprim=${primaries}`, `transfer=${transfer}`, `colormatrix=${matrix}`],
    ...(setId === 0 ? [] : [`sps-id=${setId}`]),
  ]
  return [
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(CRF), '-threads', String(THREADS)],
    ...['-maxrate', String(maxBps), '-bufsize', String(maxBps)],
    ...['-profile:v', 'high', '-level:v', levelName(level)],
    ...['-x264-params', x264.join(':')],
  ]
}

/**
 * Hardware has no quality that means the same everywhere, so it is told a rate: this share of the highest. One that does not
 * know how many pictures a second come gives each far too little, and does not stand the test: `setpts` of ffmpeg 7 and later hides it.
 */
const RATE_SHARE = 2 / 3

/** Key frames come where they are forced; encoders take no longer distance than this, some of them. */
const LONGEST_GROUP = 9999

/** Without reordering: how each driver delays its pictures is nothing to rely on. */
function hardwareOptions(name: HardwareName, picture: PicturePlan, colours: ColourTags): string[] {
  const { maxBps, level } = picture
  const { options = [], hasLevelNames = false } = factsOf(name)
  return [
    ...['-c:v', name, '-b:v', String(Math.round(maxBps * RATE_SHARE))],
    ...['-maxrate', String(maxBps), '-bufsize', String(maxBps)],
    ...['-bf', '0', '-g', String(LONGEST_GROUP)],
    ...['-profile:v', 'high', '-level:v', hasLevelNames ? levelName(level) : String(level)],
    ...['-color_primaries', colours.primaries, '-color_trc', colours.transfer],
    ...['-colorspace', colours.matrix, ...options],
  ]
}
