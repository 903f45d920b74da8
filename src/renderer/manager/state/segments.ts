import { create } from 'zustand'
import type { FileSegment, Segmentation } from '../../../shared/api/segment.ts'

/** The segments of the one file that the inspector shows. */
export type SegmentsState = {
  fileId: string | null
  /** Its first segments in the order of the film, as many as were needed; null until they have been read. */
  segments: readonly FileSegment[] | null
  total: number
  /** How it was cut, newest first. */
  segmentations: readonly Segmentation[]
  /** How many chapters the file names itself. */
  chapters: number
  /** Why they could not be read. */
  failure: string | null
}

/** No file's segments are known. */
export const NO_SEGMENTS: SegmentsState = {
  fileId: null,
  segments: null,
  total: 0,
  segmentations: [],
  chapters: 0,
  failure: null,
}

/** The segments; written by `sync` alone. */
export const useSegments = create<SegmentsState>()(() => NO_SEGMENTS)

/** The name that somebody or the file gave to a segment. */
export function nameOf({ metadata }: Pick<FileSegment, 'metadata'>): string | undefined {
  const name = metadata?.['name']
  return typeof name === 'string' && name.trim() !== '' ? name : undefined
}

/** The segment with exactly these times, to the millisecond. */
export const segmentAt = (
  { segments }: Pick<SegmentsState, 'segments'>,
  { startS, endS }: { startS: number; endS: number },
): FileSegment | undefined =>
  segments?.find((it) => Math.abs(it.start_time - startS) < 0.0005 && Math.abs(it.end_time - endS) < 0.0005)

/** What a way of cutting makes, as a word for many of them. */
export function kindOf({
  criteria,
}: Pick<Segmentation, 'criteria'>): 'scenes' | 'chapters' | 'parts' | 'segments' {
  if (criteria === 'shot-detector') return 'scenes'
  if (criteria === 'chapters') return 'chapters'
  return criteria === 'uniform' ? 'parts' : 'segments'
}
