import type { CreateShare, Share, Visibility } from '../../../shared/api/share.ts'
import { api, ApiError, sentenceOf } from '../api.ts'
import { toast } from '../state/toasts.ts'
import type { Part } from '../state/ui.ts'
import { countOf } from '../text.ts'
import { runAll } from './run-all.ts'

/** How long a deletion can be taken back here, in ms; the engine keeps it longer. */
const UNDO_MS = 10_000

/** Deletes shares; their links stop at once, and for a while it can be taken back. */
export async function deleteShares(ids: readonly string[]): Promise<void> {
  const { signal } = new AbortController()
  const run = await runAll(
    ids,
    async (id) => {
      await api.shares.remove(id)
      return id
    },
    { signal, onProgress: () => undefined },
  )
  const [failure] = run.failed
  if (failure) toast(sentenceOf(failure.error), { tone: 'fail' })
  const deleted = run.results
  if (deleted.length === 0) return
  const text =
    deleted.length === 1
      ? 'Share deleted. Its link stopped at once.'
      : `${countOf(deleted.length, 'share')} deleted. Their links stopped at once.`
  toast(text, { lifeMs: UNDO_MS, action: { label: 'Undo', run: () => void restoreShares(deleted) } })
}

async function restoreShares(ids: readonly string[]): Promise<void> {
  const { signal } = new AbortController()
  const run = await runAll(ids, api.shares.restore, { signal, onProgress: () => undefined })
  const [failure] = run.failed
  if (failure) {
    const isLate = failure.error instanceof ApiError && failure.error.code === 'not_found'
    toast(isLate ? 'Too late to take it back.' : sentenceOf(failure.error), { tone: 'fail' })
  }
  if (run.results.length > 0) {
    toast(run.results.length === 1 ? 'The link works again.' : 'The links work again.', { tone: 'ok' })
  }
}

/** The share of that kind of a file: a new one, or the one that there is already. */
export async function shareFile(
  fileId: string,
  visibility: Visibility,
): Promise<{ share: Share; isNew: boolean }> {
  try {
    return { share: await api.shares.create({ file_id: fileId, visibility }), isNew: true }
  } catch (error) {
    if (!(error instanceof ApiError) || error.shareId === undefined) throw error
    return { share: await api.shares.get(error.shareId), isNew: false }
  }
}

/**
 * Makes a share of a file, or of a part of it: one that is no segment yet becomes one, and is none again when the share
 * could not be made. Throws `ApiError`.
 */
export async function createShare(
  fileId: string,
  part: Part | undefined,
  rest: Omit<CreateShare, 'file_id' | 'file_segment_id'>,
): Promise<Share> {
  if (!part) return api.shares.create({ ...rest, file_id: fileId })
  if (part.segmentId !== undefined) {
    return api.shares.create({ ...rest, file_id: fileId, file_segment_id: part.segmentId })
  }
  const { title } = rest
  const segment = await api.segments.add(fileId, {
    ...{ start_time: part.startS, end_time: part.endS },
    ...(title === undefined ? {} : { name: title }),
  })
  try {
    return await api.shares.create({ ...rest, file_id: fileId, file_segment_id: segment.id })
  } catch (error) {
    await api.segments.remove(fileId, segment.id).catch(() => undefined)
    throw error
  }
}
