import type { MediaIndex, MediaInfo } from '../../shared/media.ts'
import { AppError } from '../base/errors.ts'
import { readHead } from '../media/head.ts'
import type { SourceIdentity } from '../media/playable.ts'
import { probe } from '../media/probe.ts'
import { isMedia, sniff } from '../media/sniff.ts'
import type { StoredFile } from '../store/files.ts'
import type { LibraryDeps } from './deps.ts'
import { fingerprintOf } from './fingerprint.ts'

/** What reading a file has found: the part of its row that is other then. */
export type Finding = Partial<StoredFile>

/** Looks into one file. Throws AppError `unsupported_media` with the reason, or the system error. */
export type Examine = (
  file: StoredFile,
  identity: SourceIdentity,
  signal: AbortSignal,
) => Promise<Finding & { fingerprint: string }>

type ExamineDeps = Pick<LibraryDeps, 'store' | 'tools' | 'buildMediaIndex' | 'choosePackager'>

/**
 * Makes the examination: sniff → fingerprint → tracks → key table → packager. `identity` was seen before it begins: a
 * file that is written to meanwhile differs from it at its next use, and is read again then.
 */
export function createExamination(deps: ExamineDeps): Examine {
  const { store } = deps

  const indexOf = async (
    fingerprint: string,
    path: string,
    media: MediaInfo,
    signal: AbortSignal,
  ): Promise<MediaIndex> => {
    // A copy, or a file that was only touched, has its table already.
    const known = store.mediaIndexes.get(fingerprint)
    if (known) return known
    const index = await deps.buildMediaIndex({ path, media, tools: deps.tools }, signal)
    store.transactionUnsynced(() => store.mediaIndexes.put(fingerprint, index))
    return index
  }

  return async (file, identity, signal) => {
    const sniffed = sniff(await readHead(file.path))
    if (!isMedia(sniffed)) throw new AppError('unsupported_media', sniffed.reason)
    const fingerprint = await fingerprintOf(file.path)
    signal.throwIfAborted()
    const media = await probe(file.path, sniffed, deps.tools, signal)
    const index = await indexOf(fingerprint, file.path, media, signal)
    const choice = deps.choosePackager(media, index)
    return {
      ...identity,
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
