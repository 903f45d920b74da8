import type { MediaIndex, MediaInfo } from '../../shared/media.ts'
import { AppError } from '../base/errors.ts'
import { readFingerprint } from './fingerprint.ts'
import { lendHead, openRegular } from './head.ts'
import { probe } from './probe.ts'
import { isMedia, sniff, type Sniffed } from './sniff.ts'
import { readTexts } from './texts.ts'
import type { Tools } from './tools.ts'

/** What a first look into a file tells: the identity of its content, what it is, and the key table where that was quick. */
export type Look = { fingerprint: string; media: MediaInfo; index?: MediaIndex }

/**
 * Looks into a file: container, fingerprint, tracks. Throws AppError `unsupported_media` with a sentence for its owner,
 * the system error when it cannot be read, the signal's reason on abort.
 */
export async function lookInto(
  path: string,
  tools: Pick<Tools, 'ffprobe'>,
  signal: AbortSignal,
): Promise<Look> {
  const { sniffed, fingerprint } = await readOutside(path)
  signal.throwIfAborted()
  const media = await probe(path, sniffed, tools, signal)
  signal.throwIfAborted()
  return { fingerprint, media: { ...media, ...(await readTexts(path, media)) } }
}

async function readOutside(path: string): Promise<{ sniffed: Sniffed; fingerprint: string }> {
  const file = await openRegular(path)
  try {
    const sniffed = await lendHead(file, sniff)
    if (!isMedia(sniffed)) throw new AppError('unsupported_media', sniffed.reason)
    return { sniffed, fingerprint: await readFingerprint(file) }
  } finally {
    await file.close()
  }
}
