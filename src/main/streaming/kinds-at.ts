import type { FileHandle } from 'node:fs/promises'
import { readKindAt, type KindReader, type PictureKind, type SamplePlace } from './picture-kind.ts'
import { readForEach } from './small-reads.ts'

/** Tells the kinds of frames by reading no more of each than it takes. */
export function readKindsAt(
  file: FileHandle,
  places: readonly SamplePlace[],
  kindOf: KindReader,
  signal: AbortSignal,
): Promise<PictureKind[]> {
  return readForEach(file, places, (place, read) => readKindAt(read, place, kindOf), signal)
}
