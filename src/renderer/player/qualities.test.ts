import { expect, test } from 'vitest'
import { levelOf, qualitiesOf } from './qualities.ts'

const level = (width: number, height: number, bitrate = 1) => ({ width, height, bitrate })

test('qualities are named by the shorter side, the best first', () => {
  const levels = [level(1280, 720), level(1920, 1080), level(480, 854)]
  expect(qualitiesOf(levels)).toEqual([
    { name: '1080p', levels: [1] },
    { name: '720p', levels: [0] },
    { name: '480p', levels: [2] },
  ])
})

test('variants of one size are one quality, and the one with most bits stands for it', () => {
  const levels = [level(1280, 720, 3), level(1280, 720, 5), level(640, 360)]
  expect(qualitiesOf(levels).map((it) => it.name)).toEqual(['720p', '360p'])
  expect(levelOf(levels, '720p')).toBe(1)
})

test('sound alone has no qualities, and one that is not there is left to the line', () => {
  expect(qualitiesOf([level(0, 0)])).toEqual([])
  expect(levelOf([level(1280, 720)], '1080p')).toBe(-1)
})
