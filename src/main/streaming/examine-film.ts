import { stat } from 'node:fs/promises'
import type { MediaIndex, MediaInfo } from '../../shared/media.ts'
import type { CanDecode } from '../media/decoding.ts'
import type { Tools } from '../media/tools.ts'
import { choosePackager } from './packagers.ts'
import type { Readers } from './readers.ts'

/** What is found in a film of our own making. */
type Examined = { fingerprint: string; media: MediaInfo; index: MediaIndex; packager: string | null }

/** Makes the examination of films that were written here, by the steps that read those of the owner. */
export const examinationOf =
  ({ tools, readers, canDecode }: { tools: Tools; readers: Readers; canDecode: CanDecode }) =>
  async (path: string, signal: AbortSignal): Promise<Examined> => {
    const { size: bytes } = await stat(path)
    const { fingerprint, media, index: found } = await readers.look({ path, bytes, tools }, signal)
    const index = found ?? (await readers.index({ path, media, tools }, signal))
    return { fingerprint, media, index, packager: choosePackager(media, index, canDecode).packager }
  }
