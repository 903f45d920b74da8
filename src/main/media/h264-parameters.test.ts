import { expect, test } from 'vitest'
import { readSequenceFacts } from './h264-parameters.ts'

/** As x264 wrote them: High 640x360 with id 1, and 320x192 with `interlaced=1`. */
const PROGRESSIVE = Buffer.from('6764001e4b2d01405ff2e022000003000200000300781e2c5d40', 'hex')
const INTERLACED = Buffer.from('67640015acd94143360220000003002000000783e28532c0', 'hex')

test('a sequence parameter set tells its id, its size and whether its pictures are whole frames', () => {
  expect(readSequenceFacts(PROGRESSIVE)).toMatchObject({
    id: 1,
    isProgressive: true,
    width: 640,
    height: 360,
  })
  expect(readSequenceFacts(INTERLACED)).toMatchObject({
    id: 0,
    isProgressive: false,
    width: 320,
    height: 192,
  })
})

test('one that is cut short tells nothing', () => {
  expect(readSequenceFacts(PROGRESSIVE.subarray(0, 6))).toBeNull()
})
