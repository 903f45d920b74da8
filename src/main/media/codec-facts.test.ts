import { expect, test } from 'vitest'
import { bitDepthOf, chromaOf } from './codec-facts.ts'

test.each([
  ['avc1.64001f', 8, '4:2:0'],
  ['avc1.42E01E', 8, '4:2:0'],
  ['avc3.6E001F', 10, '4:2:0'],
  ['avc1.7a001f', 10, '4:2:2'],
  ['avc1.f4001f', null, '4:4:4'],
  ['hvc1.1.6.L93.B0', 8, '4:2:0'],
  ['hev1.2.4.L120.B0', 10, '4:2:0'],
  ['hvc1.4.10.L120.B0', null, null],
  ['vp09.00.10.08', 8, '4:2:0'],
  ['vp09.02.10.10.01.09.16.09.01', 10, '4:2:0'],
  ['vp09.01.10.08', 8, '4:4:4'],
  ['av01.0.04M.08', 8, '4:2:0'],
  ['av01.0.04M.10', 10, '4:2:0'],
  ['av01.1.04M.08', 8, '4:4:4'],
  ['vp8', null, null],
  [null, null, null],
])('%s holds samples of %s bits, chroma %s', (codecString, bitDepth, chroma) => {
  expect(bitDepthOf(codecString)).toBe(bitDepth)
  expect(chromaOf(codecString)).toBe(chroma)
})
