import { AppError } from '../../base/errors.ts'
import type { MediaIndex, VideoTrackInfo } from '../../../shared/media.ts'
import type { Reading } from '../remux-reading.ts'
import { assertContinuable } from './clip-encoder.ts'
import type { ClipWindow, Playable } from '../../media/playable.ts'
import type { ClipPlan } from './clip-plan.ts'

/** What a clip will take, before anything of it is made; times in seconds. */
export type ClipCost = {
  /** False when the picture would have to be converted to be cut to the frame. */
  exact: boolean
  copiedS: number
  encodedS: number
  /** The first key frame inside, from the presentation's start; null when there is none. */
  firstKeyframeS: number | null
  /** About how long its ends take to encode, on a machine with two cores. */
  estimateS: number
}

/** Starting a program and reading what it is given. */
const START_S = 0.3
/** Pixels a second, measured: decoding H.264, and encoding it with libx264 `veryfast`. */
const DECODED_PIXELS = 3e8
const ENCODED_PIXELS = 1e8
/** A check looks at the pictures once more. */
const DECODINGS = 2

/** Pictures a second where nobody knows. */
const USUAL_RATE = 30

/** Tells the cost of a clip that is converted whole, for its picture cannot be cut otherwise. */
export function conversionCost({
  media: { video },
  index,
  window,
}: Playable & { window: ClipWindow }): ClipCost {
  const { startS, endS } = window
  const encodedS = endS - startS
  const pixels = video ? video.width * video.height * (video.frameRate ?? USUAL_RATE) * encodedS : 0
  const keyS = index.keyTimesS.find((it) => it >= index.startS + startS && it < index.startS + endS)
  return {
    ...{ exact: true, copiedS: 0, encodedS },
    firstKeyframeS: keyS === undefined ? null : keyS - index.startS,
    estimateS: START_S + pixels / DECODED_PIXELS + pixels / ENCODED_PIXELS,
  }
}

/** Tells the cost of a planned clip. */
export function costOf(
  plan: ClipPlan,
  { index, picture, reading }: { index: MediaIndex; picture: VideoTrackInfo | null; reading: Reading },
): ClipCost {
  const runs = plan.segments.flatMap(({ head, tail }) => [head, tail].flatMap((run) => run ?? []))
  const pixels = (picture?.width ?? 0) * (picture?.height ?? 0)
  const seconds = runs.map(
    ({ first, count }) =>
      START_S * (1 + DECODINGS) +
      (pixels * (first + count) * DECODINGS) / DECODED_PIXELS +
      (pixels * count) / ENCODED_PIXELS,
  )
  const keyS = index.keyTimesS.find((it) => it >= plan.baseS - 1e-6 && it < plan.endS)
  return {
    exact: runs.length === 0 || canContinue(reading),
    copiedS: plan.copiedS,
    encodedS: plan.encodedS,
    firstKeyframeS: keyS === undefined ? null : keyS - index.startS,
    estimateS: seconds.reduce((sum, it) => sum + it, 0),
  }
}

function canContinue({ init }: Reading): boolean {
  try {
    assertContinuable(init)
    return true
  } catch (error) {
    if (error instanceof AppError) return false
    throw error
  }
}
