import { describe, expect, test } from 'vitest'
import { gopAt, planClip, type ClipPlan, type Gop } from './clip-plan.ts'

/** 10 s of 10 frames/s, IDR each 2 s, decoded I P B B P B B … : every third picture is a reference ahead of two. */
const FRAME_S = 0.1
const GOP_PICTURES = 20
const DECODE_ORDER = [0, 3, 1, 2, 6, 4, 5, 9, 7, 8, 12, 10, 11, 15, 13, 14, 18, 16, 17, 19]
const keyTimesS = [0, 2, 4, 6, 8]

const gopOf = (timeS: number): Gop => {
  const keys = gopAt(keyTimesS, timeS)
  return { ...keys, timesS: DECODE_ORDER.map((at) => (keys.keyS * 10 + at) / 10) }
}

function planned(startS: number, endS: number): ClipPlan | null {
  const half = FRAME_S / 2
  return planClip({
    window: { startS, endS },
    startS: 0,
    endS: 10,
    frameS: FRAME_S,
    keyTimesS,
    first: gopOf(startS - half),
    last: gopOf(Math.min(endS - half, 9.99) - 1e-5),
  })
}

/** Every picture of a plan, in tenths of a second, encoded ones negative. */
function picturesOf(plan: ClipPlan | null): number[] {
  const tenth = (timeS: number): number => Math.round(timeS * 10)
  return (plan?.segments ?? []).flatMap(({ head, copied, tail }) => {
    const encoded = [head, tail].flatMap((run) =>
      run ? run.gop.timesS.toSorted((a, b) => a - b).slice(run.first, run.first + run.count) : [],
    )
    const kept: number[] = []
    for (const keyS of copied ? keyTimesS : []) {
      if (!copied || keyS < copied.keyS || (copied.nextKeyS !== null && keyS >= copied.nextKeyS)) continue
      const limit = copied.lastGop?.keyS === keyS ? copied.lastGop.kept : GOP_PICTURES
      kept.push(...gopOf(keyS).timesS.slice(0, limit))
    }
    return [...encoded.map((timeS) => -tenth(timeS)), ...kept.map(tenth)]
  })
}

describe('a clip', () => {
  test('holds exactly the pictures of its window, each once', () => {
    for (let start = 0; start < 99; start += 1) {
      for (const length of [1, 2, 3, 7, 20, 33, 61]) {
        if (start + length > 100) continue
        const pictures = picturesOf(planned(start / 10, (start + length) / 10)).map(Math.abs)
        expect(pictures.toSorted((a, b) => a - b)).toEqual(Array.from({ length }, (_, at) => start + at))
      }
    }
  })

  test('that begins at an IDR and ends before one is copied whole', () => {
    const plan = planned(2, 8)
    expect(picturesOf(plan).every((it) => it > 0)).toBe(true)
    expect(plan).toMatchObject({ baseS: 2, endS: 8, encodedS: 0 })
    expect(plan?.segments.map(({ startS }) => startS)).toEqual([2, 6])
  })

  test('encodes what lies before its first IDR and behind its last clean point, and nothing else', () => {
    // The last GOP begins at 6; 0, 3, 1, 2 are clean, and the reference at 6.6 is not in the window.
    const plan = planned(1.7, 6.5)
    const encoded = picturesOf(plan).filter((it) => it < 0)
    expect(encoded).toEqual([-17, -18, -19, -64])
    expect(plan?.encodedS).toBeCloseTo(0.4)
    expect(plan?.copiedS).toBeCloseTo(4.4)
  })

  test('inside of one GOP is encoded whole', () => {
    expect(planned(2.5, 3.1)).toMatchObject({ copiedS: 0, segments: [{ copied: null, tail: null }] })
  })

  test('cuts at IDRs at least 4 s apart, and begins with its head', () => {
    expect(planned(1.9, 9.9)?.segments.map(({ startS, endS }) => [startS, endS])).toEqual([
      [1.9, 6],
      [6, 9.9],
    ])
  })

  test('takes a picture in from half a frame before its start', () => {
    expect(planned(2.04, 4)?.baseS).toBe(2)
    expect(planned(2.06, 4)?.baseS).toBe(2.1)
  })

  test('that holds no picture is no clip', () => {
    expect(planned(2.01, 2.02)).toBeNull()
  })

  test('up to the end of its file ends with the file', () => {
    expect(planned(8, 10)).toMatchObject({ endS: 10, encodedS: 0 })
  })
})

test('where the sound comes first, the clip begins with it', () => {
  const gop = { keyS: 1.5, nextKeyS: null, timesS: [1.5, 1.6, 1.7] }
  const plan = planClip({
    ...{ window: { startS: 0.5, endS: 1.7 }, startS: 0, endS: 1.8, frameS: FRAME_S },
    ...{ keyTimesS: [1.5], first: gop, last: gop },
  })
  expect(plan).toMatchObject({ baseS: 0.5, segments: [{ startS: 0.5, head: null, copied: { keyS: 1.5 } }] })
})
