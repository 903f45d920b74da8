import type { MediaIndex, MediaInfo } from '../../shared/media.ts'
import type { Look } from '../media/look.ts'
import type { SourceIdentity } from '../media/playable.ts'
import type { StoredFile } from '../store/files.ts'
import type { LibraryDeps } from './deps.ts'

/** What reading a file has found: the part of its row that is other then, and the key table when it is new. */
export type Finding = Partial<StoredFile> & { newIndex?: MediaIndex }

/** Who waits for a reading: may leave, and hears a fraction 0..1 of one that takes a while. */
export type ReadingJob = { signal: AbortSignal; progress: (fraction: number) => void }

/** Looks into one file. Throws AppError `unsupported_media` with the reason, or the system error. */
export type Examine = (
  file: StoredFile,
  identity: SourceIdentity,
  job: ReadingJob,
) => Promise<Finding & { fingerprint: string }>

type ExamineDeps = Pick<LibraryDeps, 'store' | 'tools' | 'look' | 'buildMediaIndex' | 'choosePackager'>

/**
 * Makes the examination: sniff → fingerprint → tracks → key table → packager. `identity` was seen before it begins: a
 * file that is written to meanwhile differs from it at its next use, and is read again then.
 */
export function createExamination(deps: ExamineDeps): Examine {
  const { store } = deps

  const indexOf = async (
    { fingerprint, media, index: read }: Look,
    path: string,
    job: ReadingJob,
  ): Promise<{ index: MediaIndex; isNew: boolean }> => {
    // A copy, or a file that was only touched, has its table already.
    const known = store.mediaIndexes.get(fingerprint)
    if (known) return { index: known, isNew: false }
    return { index: read ?? (await readIndex(fingerprint, path, media, job)), isNew: true }
  }

  const readIndex = (
    fingerprint: string,
    path: string,
    media: MediaInfo,
    { signal, progress: report }: ReadingJob,
  ): Promise<MediaIndex> => {
    const progress = {
      saved: store.mediaIndexes.progress(fingerprint),
      save: (state: string): void =>
        store.transactionUnsynced(() => store.mediaIndexes.saveProgress(fingerprint, state)),
      report,
    }
    return deps.buildMediaIndex({ path, media, tools: deps.tools, progress }, signal)
  }

  return async (file, identity, job) => {
    const look = await deps.look({ path: file.path, bytes: identity.bytes }, job.signal)
    const { fingerprint } = look
    const { index, isNew } = await indexOf(look, file.path, job)
    const media = withTrueLength(look.media, index)
    const choice = deps.choosePackager(media, index)
    return {
      ...identity,
      ...(isNew ? { newIndex: index } : {}),
      fingerprint,
      status: 'completed',
      failure: null,
      missing: false,
      mediaType: media.video ? 'video' : 'audio',
      media,
      delivery: choice.delivery,
      deliveryReason: choice.reason,
      packager: choice.packager,
      poster: fingerprint === file.fingerprint && file.status === 'completed' ? file.poster : 'pending',
    }
  }
}

/**
 * A file that was read whole is as long as it was found to be: its head could only guess. One that begins late, as a part
 * of a longer recording does, tells when it ends. Of two recordings one behind the other ffprobe tells the last.
 */
function withTrueLength(media: MediaInfo, { scan, startS, endS }: MediaIndex): MediaInfo {
  const isLonger = media.reader === 'ffprobe' && endS - startS > media.durationS + 1
  return scan || startS > 0 || isLonger ? { ...media, durationS: endS - startS } : media
}
