import type { ClipWindow } from '../../media/playable.ts'
import { evenCuts, TARGET_SEGMENT_S } from '../segment-plan.ts'

/** The pictures from one IDR up to the next, or the file's end: none needs one outside (closed GOP). */
export type Gop = {
  /** Presentation time of the IDR, in seconds of the source. */
  keyS: number
  /** That of the next IDR; null for the last GOP. */
  nextKeyS: number | null
  /** Presentation times of its pictures, in decode order. */
  timesS: readonly number[]
}

/** Pictures of a GOP that are encoded anew: `count` of them from the `first` one on, in order of presentation. */
export type EncodedRun = { gop: Gop; first: number; count: number }

/** One Media Segment of a clip, in seconds of the source, and what it is made of, in this order. */
export type ClipSegment = {
  index: number
  startS: number
  endS: number
  /** Pictures that no key frame of the clip leads to; they become an IDR run. */
  head: EncodedRun | null
  /** Pictures as they are: from the IDR at `keyS` up to the one at `nextKeyS` (null: the file's end), of the last GOP only `kept` in decode order. */
  copied: { keyS: number; nextKeyS: number | null; lastGop: { keyS: number; kept: number } | null } | null
  /** Pictures behind the last clean point. */
  tail: EncodedRun | null
}

/** How a clip is cut to the frame. Times in seconds of the source. */
export type ClipPlan = {
  /** What becomes 0: the first picture shown, or the window's start where the sound comes first. */
  baseS: number
  endS: number
  /** It goes on to the end of the file: the sound too, however much longer it is. */
  isToEnd: boolean
  segments: ClipSegment[]
  /** How much of the picture is copied, and how much encoded, in seconds. */
  copiedS: number
  encodedS: number
}

type ClipRequest = {
  window: ClipWindow
  /** Where the presentation of the file begins and ends. */
  startS: number
  endS: number
  /** How long a picture is shown, in seconds: half of it is the tolerance of a window. */
  frameS: number
  keyTimesS: readonly number[]
  /** The GOPs around the window's ends, as `gopAt` names them. */
  first: Gop
  last: Gop
}

/** Times of the source are rationals in floats. */
const SAME_S = 1e-6

/** The bounds of a window in seconds of the source: a picture is in it from half a frame before (API.md, windows). */
export function boundsOf({
  window,
  startS,
  endS,
  frameS,
}: Omit<ClipRequest, 'keyTimesS' | 'first' | 'last'>): {
  fromS: number
  toS: number
} {
  const half = frameS / 2
  const toS = startS + window.endS
  return { fromS: startS + window.startS - half, toS: toS >= endS - half ? Infinity : toS - half }
}

/** The GOP that a time lies in, by its keys; before the first key that is the first GOP. `keyTimesS` is not empty. */
export function gopAt(
  keyTimesS: readonly number[],
  timeS: number,
): { keyS: number; nextKeyS: number | null } {
  const behind = keyTimesS.findIndex((keyS) => keyS > timeS + SAME_S)
  const at = behind < 0 ? keyTimesS.length - 1 : Math.max(0, behind - 1)
  return { keyS: keyTimesS[at] ?? 0, nextKeyS: keyTimesS[at + 1] ?? null }
}

/**
 * Plans a clip that holds the pictures of its window and no other: what comes before its first IDR is encoded anew,
 * and so is what follows its last clean point; all between is copied. Null when no picture lies in the window.
 */
export function planClip(request: ClipRequest): ClipPlan | null {
  const { window, startS, keyTimesS, first, last } = request
  const { fromS, toS } = boundsOf(request)
  const shownFirst =
    first.timesS.toSorted(ascending).find((timeS) => timeS >= fromS - SAME_S) ?? first.nextKeyS
  if (shownFirst === null || shownFirst >= toS - SAME_S) return null
  const soundFirst = startS + window.startS < shownFirst - request.frameS
  const baseS = soundFirst ? startS + window.startS : shownFirst
  const isClean = Math.abs(shownFirst - first.keyS) < SAME_S || shownFirst === first.nextKeyS

  const tail = cutEnd(last, toS)
  const head = isClean ? null : runOf(first, (timeS) => timeS >= shownFirst - SAME_S && timeS < toS - SAME_S)
  const clipEndS = tail.endS ?? Math.min(request.endS, startS + window.endS)
  const isToEnd = toS === Infinity
  const copyFromS = keyTimesS.find((keyS) => keyS > shownFirst - SAME_S)
  if (copyFromS === undefined || copyFromS >= toS - SAME_S) {
    // All of it lies inside one GOP.
    const segment = { index: 0, startS: baseS, endS: clipEndS, head, copied: null, tail: null }
    return {
      baseS,
      endS: clipEndS,
      isToEnd,
      segments: [segment],
      copiedS: 0,
      encodedS: clipEndS - shownFirst,
    }
  }

  const cutsS = [baseS]
  for (const keyS of keyTimesS) {
    if (keyS < copyFromS - SAME_S || keyS >= toS - SAME_S) continue
    if (keyS - (cutsS.at(-1) ?? 0) >= TARGET_SEGMENT_S - 1e-3) cutsS.push(keyS)
  }
  const segments = cutsS.map((cutS, index): ClipSegment => {
    const isLast = index === cutsS.length - 1
    const keyS = index === 0 ? copyFromS : cutS
    const nextKeyS = cutsS[index + 1] ?? last.nextKeyS
    const onlyHead = nextKeyS !== null && keyS >= nextKeyS - SAME_S
    return {
      index,
      startS: cutS,
      endS: cutsS[index + 1] ?? clipEndS,
      head: index === 0 ? head : null,
      copied: onlyHead
        ? null
        : { keyS, nextKeyS, lastGop: isLast ? { keyS: last.keyS, kept: tail.kept } : null },
      tail: isLast ? tail.run : null,
    }
  })
  const encodedS = (head ? copyFromS - shownFirst : 0) + (tail.run ? clipEndS - tail.cleanS : 0)
  return { baseS, endS: clipEndS, isToEnd, segments, copiedS: clipEndS - shownFirst - encodedS, encodedS }
}

/** Plans a clip of sound alone: cut every 4 s, to within one audio frame. Null when nothing of the file lies in it. */
export function planSoundClip({
  window,
  startS,
  endS,
}: Pick<ClipRequest, 'window' | 'startS' | 'endS'>): ClipPlan | null {
  const baseS = startS + window.startS
  const clipEndS = Math.min(endS, startS + window.endS)
  if (clipEndS <= baseS) return null
  const segments = evenCuts(baseS, clipEndS).map((cutS, index, cutsS) => ({
    ...{ index, startS: cutS, endS: cutsS[index + 1] ?? clipEndS },
    ...{ head: null, copied: null, tail: null },
  }))
  return {
    baseS,
    endS: clipEndS,
    isToEnd: clipEndS === endS,
    segments,
    copiedS: clipEndS - baseS,
    encodedS: 0,
  }
}

/**
 * Finds the last clean point of a GOP before `toS`: as many pictures in decode order as are also the earliest ones in
 * order of presentation. A picture kept for others' sake only could not be hidden, and would lie outside of the clip.
 */
function cutEnd(
  gop: Gop,
  toS: number,
): { kept: number; cleanS: number; run: EncodedRun | null; endS: number | null } {
  const shown = gop.timesS.toSorted(ascending)
  const wanted = shown.filter((timeS) => timeS < toS - SAME_S).length
  let kept = 0
  let latest = -Infinity
  for (const [at, timeS] of gop.timesS.entries()) {
    latest = Math.max(latest, timeS)
    if (at + 1 <= wanted && Math.abs(latest - (shown[at] ?? 0)) < SAME_S) kept = at + 1
  }
  const endS = shown[wanted] ?? gop.nextKeyS
  return {
    kept,
    cleanS: shown[kept] ?? gop.nextKeyS ?? Infinity,
    run: wanted > kept ? { gop, first: kept, count: wanted - kept } : null,
    endS,
  }
}

function runOf(gop: Gop, isWanted: (timeS: number) => boolean): EncodedRun {
  const shown = gop.timesS.toSorted(ascending)
  const first = shown.findIndex(isWanted)
  return { gop, first, count: shown.slice(first).filter(isWanted).length }
}

const ascending = (a: number, b: number): number => a - b
