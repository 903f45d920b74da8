/** A film that is to fit into so many bytes. */
export type FitRequest = {
  maxBytes: number
  lengthS: number
  /** At most this large and fast. */
  picture: { width: number; height: number; frameRate: number }
  hasSound: boolean
}

/** How it is encoded then. */
export type FitPlan = {
  width: number
  height: number
  /** Pictures per second that are kept; null for all of them. */
  frameRate: number | null
  videoBps: number
  /** 0 when there is no sound. */
  audioBps: number
  channels: 1 | 2
}

/** What two passes of libx264 may miss their mark by, on the safe side; what is over it all the same is made again. */
const MARGIN = 0.03

/** Bytes of an MP4 beside its packets: boxes, then tables of sizes and times for each picture and frame of sound. */
const HEAD_BYTES = 3_000
const PICTURE_BYTES = 18
const SOUND_BYTES = 6
const SOUND_FRAMES_PER_S = 48_000 / 1024

/** Bits per pixel: below the first a smaller picture looks better, below the second there is nothing to be seen. */
const GOOD_BPP = 0.045
const POOR_BPP = 0.018
/** More is of no use to the eye. */
const ENOUGH_BPP = 0.25

/** The shorter side of smaller pictures. */
const SIDES = [1080, 720, 540, 480, 360, 240, 144]
const USUAL_RATE = 31
const SLOWEST_RATE = 16

/** Sound takes a sixth of the bits, within what AAC is good for. */
const SOUND_SHARE = 1 / 6
const SOUND_CHOICES: readonly { audioBps: number; channels: 1 | 2 }[] = [
  { audioBps: 128_000, channels: 2 },
  { audioBps: 96_000, channels: 2 },
  { audioBps: 64_000, channels: 2 },
  { audioBps: 48_000, channels: 1 },
  { audioBps: 32_000, channels: 1 },
  { audioBps: 24_000, channels: 1 },
]
const NO_SOUND = { audioBps: 0, channels: 2 as const }

type Size = { width: number; height: number; frameRate: number }

/** Plans a film of at most `maxBytes`: as large as it looks good at; null when it cannot be that small. */
export function planFit({ maxBytes, lengthS, picture, hasSound }: FitRequest): FitPlan | null {
  for (const size of sizesFrom(picture)) {
    const rates = ratesFor(size, { maxBytes, lengthS, hasSound })
    const isLast = size.isLast
    if (rates.videoBps < pixelsPerS(size) * (isLast ? POOR_BPP : GOOD_BPP)) continue
    return {
      ...{ width: size.width, height: size.height },
      frameRate: size.frameRate === picture.frameRate ? null : size.frameRate,
      ...rates,
      videoBps: Math.round(Math.min(rates.videoBps, pixelsPerS(size) * ENOUGH_BPP)),
    }
  }
  return null
}

/** The fewest bytes that a film can be made to fit into. */
export function smallestFit({ lengthS, picture, hasSound }: Omit<FitRequest, 'maxBytes'>): number {
  const last = sizesFrom(picture).at(-1) ?? picture
  const soundBps = hasSound ? (SOUND_CHOICES.at(-1)?.audioBps ?? 0) : 0
  const bits = (pixelsPerS(last) * POOR_BPP + soundBps) * lengthS
  return Math.ceil((bits / 8 + tableBytes(last, lengthS, hasSound)) / (1 - MARGIN))
}

const pixelsPerS = ({ width, height, frameRate }: Size): number => width * height * frameRate

function tableBytes({ frameRate }: Size, lengthS: number, hasSound: boolean): number {
  return (
    HEAD_BYTES + lengthS * (frameRate * PICTURE_BYTES + (hasSound ? SOUND_FRAMES_PER_S * SOUND_BYTES : 0))
  )
}

function ratesFor(
  size: Size,
  { maxBytes, lengthS, hasSound }: Omit<FitRequest, 'picture'>,
): Pick<FitPlan, 'videoBps' | 'audioBps' | 'channels'> {
  const totalBps = ((maxBytes * (1 - MARGIN) - tableBytes(size, lengthS, hasSound)) * 8) / lengthS
  const sound = hasSound
    ? (SOUND_CHOICES.find(({ audioBps }) => audioBps <= totalBps * SOUND_SHARE) ?? SOUND_CHOICES.at(-1))
    : NO_SOUND
  const { audioBps, channels } = sound ?? NO_SOUND
  return { videoBps: totalBps - audioBps, audioBps, channels }
}

/** From the picture's own size down: first fewer pictures where there are many, then smaller ones. */
function sizesFrom(picture: Size): (Size & { isLast: boolean })[] {
  const frameRate = atMost(picture.frameRate, USUAL_RATE)
  const short = Math.min(picture.width, picture.height)
  const smaller = SIDES.filter((side) => side < short).map((side) => ({
    ...scaled(picture, side / short),
    frameRate,
  }))
  const sizes = [picture, { ...picture, frameRate }, ...smaller]
  const smallest = sizes.at(-1) ?? picture
  sizes.push({ ...smallest, frameRate: atMost(picture.frameRate, SLOWEST_RATE) })
  return sizes.map((size, at) => ({ ...size, isLast: at === sizes.length - 1 }))
}

/** Every second, third, … picture, so that motion stays even. */
export const atMost = (frameRate: number, limit: number): number =>
  frameRate / Math.max(1, Math.ceil(frameRate / limit))

/** A picture whose shorter side has `maxSide` pixels at most; null for as many as it has. */
export function bounded(
  picture: Pick<Size, 'width' | 'height'>,
  maxSide: number | null,
): Pick<Size, 'width' | 'height'> {
  const side = Math.min(picture.width, picture.height)
  return maxSide === null || side <= maxSide ? picture : scaled(picture, maxSide / side)
}

/** 4:2:0 has no half pixels. */
function scaled({ width, height }: Pick<Size, 'width' | 'height'>, factor: number) {
  const even = (pixels: number): number => Math.max(2, 2 * Math.round((pixels * factor) / 2))
  return { width: even(width), height: even(height) }
}
