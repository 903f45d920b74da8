import { expect, test } from 'vitest'
import { atMost, planFit, smallestFit } from './fit-size.ts'

const HD = { width: 1920, height: 1080, frameRate: 60 }
const fit = (maxBytes: number, lengthS: number, picture = HD, hasSound = true) =>
  planFit({ maxBytes, lengthS, picture, hasSound })

test('a film with room for all of it keeps its size and its pictures', () => {
  expect(fit(500e6, 60)).toMatchObject({ width: 1920, height: 1080, frameRate: null, audioBps: 128_000 })
})

test('with less room it has fewer pictures first, then smaller ones, in the same shape', () => {
  expect(fit(26e6, 60)).toMatchObject({ width: 1920, height: 1080, frameRate: 30 })
  expect(fit(12e6, 60)).toMatchObject({ width: 1280, height: 720, frameRate: 30 })
  expect(fit(8e6, 60)).toMatchObject({ width: 960, height: 540 })
  expect(fit(1e6, 60)).toMatchObject({ width: 256, height: 144, channels: 1 })
  expect(fit(8e6, 60, { width: 1080, height: 1920, frameRate: 30 })).toMatchObject({
    width: 540,
    height: 960,
  })
})

test('bits are never more than the limit has, whatever it is', () => {
  for (const maxBytes of [50e3, 300e3, 1e6, 8e6, 25e6, 100e6, 1e9]) {
    for (const lengthS of [0.5, 3, 15, 60, 600, 7200]) {
      const plan = fit(maxBytes, lengthS)
      if (plan) expect(((plan.videoBps + plan.audioBps) * lengthS) / 8).toBeLessThan(maxBytes * 0.97)
    }
  }
})

test('what cannot be that small has no plan, and the least that it takes has one', () => {
  for (const lengthS of [3, 60, 7200]) {
    const least = smallestFit({ lengthS, picture: HD, hasSound: true })
    expect(fit(least * 0.9, lengthS)).toBeNull()
    expect(fit(least * 1.05, lengthS)).not.toBeNull()
  }
})

test('no bits go to sound where there is none', () => {
  expect(fit(8e6, 60, HD, false)).toMatchObject({ audioBps: 0 })
})

test('pictures are left out evenly', () => {
  expect([60, 59.94, 50, 30, 25, 12].map((rate) => atMost(rate, 31))).toEqual([30, 29.97, 25, 30, 25, 12])
})
