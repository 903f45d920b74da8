import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { SavedExport } from '../../shared/bridge.ts'
import { messageOf, systemCode } from '../base/errors.ts'
import type { EngineClient } from './engine-client.ts'

/** Puts what exports have made where their owner wants it. */
export interface ExportSaver {
  /**
   * Saves the result of a job under the path that `ask` answers to a suggested name; undefined from there is a cancel.
   * What cannot be saved is told in one sentence, with nothing left behind and what was there before as it was.
   */
  save(jobId: string, ask: (suggestedName: string) => Promise<string | undefined>): Promise<SavedExport>
  /** Breaks off what is being written; resolves when it is removed. */
  close(): Promise<void>
}

/** Makes the saver over the engine that has the results. */
export function createExportSaver(client: Pick<EngineClient, 'file' | 'job' | 'result'>): ExportSaver {
  const closing = new AbortController()
  const writes = new Set<Promise<void>>()

  const write = async (jobId: string, path: string): Promise<void> => {
    const writing = writeWhole(path, () => client.result(jobId, closing.signal), closing.signal)
    writes.add(writing)
    try {
      await writing
    } finally {
      writes.delete(writing)
    }
  }

  return {
    async save(jobId, ask) {
      try {
        const { file_id: sourceId, result } = await client.job(jobId)
        if (!result) throw new Error('This job has made no file (yet).')
        const path = await ask(result.filename)
        if (path === undefined) return { state: 'cancelled' }
        // The system's dialog has asked before overwriting, but knows nothing of sources.
        if (sourceId !== undefined && (await isSame(path, (await client.file(sourceId)).path)))
          throw new Error('This is the file that the export was made of. Choose another name.')
        await write(jobId, path)
        return { state: 'saved', filename: basename(path) }
      } catch (error) {
        return { state: 'failed', reason: sentenceOf(error) }
      }
    },
    async close() {
      closing.abort(new Error('Matinee was closed before the file was whole.'))
      await Promise.allSettled(writes)
    },
  }
}

/**
 * Writes what `open` gives by a temporary file beside `path` and a rename: the disk has all of it then, or nothing
 * changed. Throws the system error, what `open` or the body throws, the signal's reason.
 */
async function writeWhole(
  path: string,
  open: () => Promise<ReadableStream<Uint8Array>>,
  signal: AbortSignal,
): Promise<void> {
  // Not made of the target's name, which may be as long as a name can be.
  const temporary = join(dirname(path), `.matinee-${randomUUID()}.tmp`)
  try {
    const body = Readable.fromWeb(await open())
    await pipeline(body, createWriteStream(temporary, { flags: 'wx', flush: true }), { signal })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw signal.aborted ? signal.reason : error
  }
}

/** True when both paths lead to one file, by whatever links and spellings. */
async function isSame(one: string, other: string): Promise<boolean> {
  // Numbers of files on Windows are larger than a double is exact.
  const look = (path: string) => stat(path, { bigint: true }).catch(() => null)
  const [a, b] = [await look(one), await look(other)]
  return a !== null && b !== null && a.dev === b.dev && a.ino === b.ino
}

const NOT_WRITABLE = 'This folder cannot be written to. Choose another one.'
const NO_ROOM = 'There is not enough room on this disk.'
const SENTENCES: Readonly<Record<string, string>> = {
  ENOSPC: NO_ROOM,
  EDQUOT: NO_ROOM,
  // FAT32 ends at 4 GiB.
  EFBIG: 'This disk takes no file of this size.',
  EACCES: NOT_WRITABLE,
  EPERM: NOT_WRITABLE,
  EROFS: NOT_WRITABLE,
  ENOENT: 'This folder is not there. Choose another one.',
  ENOTDIR: 'This folder is not there. Choose another one.',
  EISDIR: 'A folder has this name. Choose another one.',
  ENAMETOOLONG: 'This name is too long.',
  EIO: 'This disk could not be written to.',
}

/** The system's errors in our words; all else is a sentence already. */
function sentenceOf(error: unknown): string {
  // What fetch throws when an answer breaks off.
  if (error instanceof TypeError) return 'The export could not be read to its end. Try again.'
  const code = systemCode(error)
  if (code === undefined) return messageOf(error)
  return SENTENCES[code] ?? `The file could not be saved (${code}).`
}
