import type { CreateSegmentation, FileSegment, Segmentation } from '../../../shared/api/segment.ts'
import { api, sentenceOf } from '../api.ts'
import type { Stretch } from '../clip/marks.ts'
import { kindOf, nameOf, segmentAt, useSegments } from '../state/segments.ts'
import { toast } from '../state/toasts.ts'
import { renameSegment } from '../state/ui.ts'
import { countText } from '../text.ts'

/** How long something can be taken back by its message, in ms. */
const UNDO_MS = 10_000

const fail = (error: unknown): void => void toast(sentenceOf(error), { tone: 'fail' })

/** Keeps a part of a file as a segment, and lets its name be written. One with the same times is not made twice. */
export async function saveSegment(fileId: string, { startS, endS }: Stretch): Promise<void> {
  const there = segmentAt(useSegments.getState(), { startS, endS })
  if (there) {
    toast('This part is among the segments already.')
    return
  }
  try {
    const { id } = await api.segments.add(fileId, { start_time: startS, end_time: endS })
    renameSegment(id)
  } catch (error) {
    fail(error)
  }
}

/** Gives a segment another name; an empty one takes the name away. */
export async function nameSegment(segment: FileSegment, name: string): Promise<void> {
  if (name.trim() === (nameOf(segment) ?? '')) return
  const metadata = { ...segment.metadata }
  delete metadata['name']
  if (name.trim() !== '') metadata['name'] = name.trim()
  try {
    await api.segments.update(segment.file_id, segment.id, { metadata })
  } catch (error) {
    fail(error)
  }
}

/** Deletes a segment; it can be taken back. One that is shared stays, and that is said. */
export async function deleteSegment({ id, file_id: fileId, ...segment }: FileSegment): Promise<void> {
  try {
    await api.segments.remove(fileId, id)
  } catch (error) {
    fail(error)
    return
  }
  const { start_time, end_time, metadata } = segment
  const undo = (): void =>
    void api.segments
      .add(fileId, { start_time, end_time, ...(metadata ? { metadata } : {}) })
      .catch((error: unknown) => fail(error))
  toast('Segment deleted. The file itself is as it was.', {
    lifeMs: UNDO_MS,
    action: { label: 'Undo', run: undo },
  })
}

/** Cuts a file into segments; says how many came of it where that is known at once. Throws `ApiError`. */
export async function splitFile(fileId: string, body: CreateSegmentation): Promise<void> {
  const made = await api.segmentations.add(fileId, body)
  if (made.status !== 'completed') return
  toast(`${countText(made.total_segments)} ${kindOf(made)} added`, {
    ...{ tone: 'ok', lifeMs: UNDO_MS },
    action: { label: 'Undo', run: () => void removeSegmentation(made) },
  })
}

/** Offers the chapters of a file as segments of it. */
export async function takeChapters(fileId: string): Promise<void> {
  await splitFile(fileId, { strategy: 'chapters' }).catch(fail)
}

/** Takes away what one cut has made, and ends the looking for scenes. */
export async function removeSegmentation({ id }: Pick<Segmentation, 'id'>): Promise<void> {
  await api.segmentations.remove(id).catch(fail)
}
