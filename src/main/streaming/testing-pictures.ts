import { expect } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import type { Tools } from '../media/tools.ts'
import {
  decodePictures,
  layOutConverted,
  squareError,
  startOf,
  toDb,
  type Converter,
} from './testing-conversion.ts'
import { hashTracks } from './testing-packets.ts'
import { readTestMedia } from './testing.ts'

/** Of all pictures together, and of the one that is least like its source; in dB. */
const LEAST_DB = 38
const LEAST_OF_ONE_DB = 36
/** Of a clock of whole ms. */
const INEXACT_S = 0.0011

/** A film that is converted, and the size that it then has. */
export type PicturesCase = {
  name: string
  width: number
  height: number
  /** Filters before the source is scaled. */
  filters?: string[]
  /** Pictures that are made beside those of the source, where it has none for a while. */
  repeated?: number[]
}

/**
 * Lays a film that is converted beside its source, scaled the same way, picture by picture: as many, in the same order,
 * at the same time, and alike.
 */
export async function expectAllPictures(
  { tools, converter }: { tools: Tools; converter: Converter },
  { name, width, height, filters: before = [], repeated = [] }: PicturesCase,
): Promise<void> {
  const { playable } = await readTestMedia(name)
  const { stream, file } = await layOutConverted(converter, playable)
  expect(stream.picture).toMatchObject({ width, height })

  const size = (width * height * 3) / 2
  const filters = [...before, `scale=${width}:${height}`, 'format=yuv420p']
  const source = await decodePictures(tools, testMedia(name), filters, size)
  const shown = await decodePictures(tools, file, ['format=yuv420p'], size)
  const isRepeated = ({ timeS }: { timeS: number }): boolean =>
    repeated.some((it) => Math.abs(it - timeS) < 0.001)
  const made = shown.filter((it) => !isRepeated(it))
  expect(shown.length - made.length).toBe(repeated.length)
  expect(made.length).toBe(source.length)
  expect(made.length).toBeGreaterThan(0)

  const startS = await startOf(tools, playable)
  const offsS = made.map(({ timeS }, at) => timeS - ((source[at]?.timeS ?? NaN) - startS))
  expect(Math.max(...offsS.map(Math.abs))).toBeLessThan(INEXACT_S)
  const off = made.map(({ planes }, at) => squareError(planes, source[at]?.planes ?? Buffer.alloc(size)))
  expect(toDb(off.reduce((sum, it) => sum + it, 0) / off.length)).toBeGreaterThan(LEAST_DB)
  expect(toDb(Math.max(...off))).toBeGreaterThan(LEAST_OF_ONE_DB)
  expect((await hashTracks(tools, file, 'copy')).video.length).toBe(shown.length)
}
