import { api, sentenceOf } from '../api.ts'
import { toast } from '../state/toasts.ts'
import { useUploads, type Upload } from '../state/uploads.ts'
import { countOf } from '../text.ts'
import { sendFile } from '../upload-request.ts'
import { copyLinks } from './links.ts'
import { shareFile } from './shares.ts'
import { createUploadQueue } from './upload-queue.ts'

/** The uploads of this window. */
export const uploadQueue = createUploadQueue({
  send: sendFile,
  room: async () => (await api.health()).uploads.max_bytes,
  share: async (fileId) => (await shareFile(fileId, 'public')).share,
  sentenceOf,
  get: () => useUploads.getState().uploads,
  set: (state) => useUploads.setState(state),
  onEnd: tellEnd,
  now: () => performance.now(),
})

/** Says how it has ended, for those who look elsewhere; the list has the particulars. */
function tellEnd(uploads: readonly Upload[]): void {
  const done = uploads.filter(({ state }) => state === 'done')
  const failed = uploads.filter(({ state }) => state === 'failed')
  const links = done.map(({ share }) => share).filter((it) => it !== undefined)
  if (failed.length > 0) toast(`${countOf(failed.length, 'file')} could not be uploaded`, { tone: 'fail' })
  if (done.length === 0) return
  const label = links.length === 1 ? 'Copy link' : 'Copy links'
  toast(`${countOf(done.length, 'file')} uploaded${links.length > 0 ? ' and shared' : ''}`, {
    tone: 'ok',
    ...(links.length > 0 ? { lifeMs: 10_000, action: { label, run: () => void copyLinks(links) } } : {}),
  })
}
