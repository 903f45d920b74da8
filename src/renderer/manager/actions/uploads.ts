import { api, ApiError, sentenceOf } from '../api.ts'
import { toast } from '../state/toasts.ts'
import { useUploads, type Upload } from '../state/uploads.ts'
import { countOf } from '../text.ts'
import { sendFile } from '../upload-request.ts'
import { copyLinks } from './links.ts'
import { shareFile } from './shares.ts'
import { createUploadQueue } from './upload-queue.ts'

/** Failures that say something of the file, which sending it again does not change. */
const LASTING: readonly ApiError['code'][] = ['unsupported_media', 'too_large', 'bad_request']

/** The uploads of this window. */
export const uploadQueue = createUploadQueue({
  send: sendFile,
  room: async () => (await api.health()).uploads.max_bytes,
  share: async (fileId) => (await shareFile(fileId, 'public')).share,
  sentenceOf,
  mayPass: (error) => !(error instanceof ApiError && LASTING.includes(error.code)),
  get: () => useUploads.getState().uploads,
  set: (state) => useUploads.setState(state),
  onEnd: tellEnd,
  now: () => performance.now(),
})

/** Says that links are ready, for those who look elsewhere; all else the list says. */
function tellEnd(uploads: readonly Upload[]): void {
  const shares = uploads.map(({ share }) => share).filter((it) => it !== undefined)
  if (shares.length === 0) return
  const isOne = shares.length === 1
  toast(`${countOf(shares.length, 'link')} ready`, {
    tone: 'ok',
    lifeMs: 10_000,
    action: { label: isOne ? 'Copy link' : 'Copy links', run: () => void copyLinks(shares) },
  })
}
