import type { Share } from '../../../shared/api/share.ts'
import { copyText } from '../../ui/copy-text.ts'
import { api } from '../api.ts'
import { copiedText, sharesToCopy } from '../share-text.ts'
import { useShares } from '../state/shares.ts'
import { toast } from '../state/toasts.ts'

/** Puts an address on the clipboard and says so; `done` is what is said. */
export async function copyAddress(url: string, done: string): Promise<void> {
  await copyAll([url], done)
}

/**
 * A new address of a private share's stream, good for 12 h from now. The one that came with the share may be older, so
 * it is asked for when it is wanted. Undefined as long as there is nothing to play.
 */
export const freshStreamLink = async (shareId: string): Promise<string | undefined> =>
  (await api.shares.get(shareId)).stream_url

/** A new address of a private share's file, good for 5 min from now; undefined as long as it is not ready. */
export const freshDownloadLink = async (shareId: string): Promise<string | undefined> =>
  (await api.shares.get(shareId)).media_download_url

/** Copies the addresses of the pages of shares. */
export async function copyLinks(shares: readonly Share[]): Promise<void> {
  await copyAll(
    shares.map((share) => share.share_url),
    copiedText(shares),
  )
}

/** The shares of files, in the order of the files. */
export function sharesOfFiles(fileIds: readonly string[]): Share[] {
  return fileIds.flatMap(sharesOf)
}

/** Those whose links "copy link" means, in the order of the files; links of segments are copied from these. */
export const sharesToCopyOf = (fileIds: readonly string[]): readonly Share[] =>
  fileIds.flatMap((fileId) =>
    sharesToCopy(sharesOf(fileId).filter((share) => share.file_segment_id === undefined)),
  )

/** Copies the links of files; says how to make one where there is none. */
export async function copyLinksOfFiles(fileIds: readonly string[]): Promise<void> {
  const shares = sharesToCopyOf(fileIds)
  if (shares.length > 0) await copyLinks(shares)
  else toast(fileIds.length === 1 ? 'Not shared yet. Press S to share it.' : 'None of these is shared yet.')
}

function sharesOf(fileId: string): Share[] {
  const { byId, byFile } = useShares.getState()
  return (byFile.get(fileId) ?? []).map((id) => byId.get(id)).filter((share) => share !== undefined)
}

/** Puts addresses on the clipboard, one a line. */
async function copyAll(urls: readonly string[], done: string): Promise<void> {
  const [first] = urls
  if (first === undefined) return
  if (await copyText(urls.join('\n'))) {
    toast(done, { tone: 'ok' })
    return
  }
  toast('The browser does not let Matinee use the clipboard. Open the link and copy its address.', {
    tone: 'fail',
    action: { label: 'Open link', run: () => window.open(first, '_blank', 'noreferrer') },
  })
}
