import type { Share } from '../../../shared/api/share.ts'
import { copyText } from '../../ui/copy-text.ts'
import { api, ApiError, sentenceOf } from '../api.ts'
import { useShares } from '../state/shares.ts'
import { toast } from '../state/toasts.ts'
import { countOf, countText } from '../text.ts'
import { runAll } from './run-all.ts'

/** How long a deletion can be taken back here, in ms; the engine keeps it longer. */
const UNDO_MS = 10_000

/** Puts links on the clipboard, one a line, and says so. */
export async function copyLinks(urls: readonly string[]): Promise<void> {
  const [first] = urls
  if (first === undefined) return
  if (await copyText(urls.join('\n'))) {
    toast(urls.length === 1 ? 'Link copied' : `${countText(urls.length)} links copied`, { tone: 'ok' })
  } else {
    toast('The browser does not let Matinee use the clipboard. Open the link and copy its address.', {
      tone: 'fail',
      action: { label: 'Open link', run: () => window.open(first, '_blank', 'noreferrer') },
    })
  }
}

/** The shares of files, in the order of the files. */
export function sharesOfFiles(fileIds: readonly string[]): Share[] {
  const { byId, byFile } = useShares.getState()
  return fileIds
    .flatMap((fileId) => byFile.get(fileId) ?? [])
    .map((id) => byId.get(id))
    .filter((share) => share !== undefined)
}

/** Copies the links of files; says how to make one where there is none. */
export async function copyLinksOfFiles(fileIds: readonly string[]): Promise<void> {
  const shares = sharesOfFiles(fileIds)
  if (shares.length === 0) {
    toast(fileIds.length === 1 ? 'Not shared yet. Press S to share it.' : 'None of these is shared yet.')
    return
  }
  await copyLinks(shares.map((share) => share.share_url))
}

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

/** The share of a file: a new one, or the one that there is already. */
export async function shareFile(fileId: string): Promise<{ share: Share; isNew: boolean }> {
  try {
    return { share: await api.shares.create({ file_id: fileId }), isNew: true }
  } catch (error) {
    if (!(error instanceof ApiError) || error.shareId === undefined) throw error
    return { share: await api.shares.get(error.shareId), isNew: false }
  }
}
