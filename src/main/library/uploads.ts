import { randomUUID } from 'node:crypto'
import { renameSync } from 'node:fs'
import { lstat, open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { addAbortSignal, type Readable } from 'node:stream'
import type { Metadata } from '../../shared/api/common.ts'
import { bytesText } from '../../shared/media-text.ts'
import { AppError } from '../base/errors.ts'
import { HEAD_BYTES, isMedia, sniff } from '../media/sniff.ts'
import { identityOf } from '../media/source.ts'
import type { StoredFile } from '../store/files.ts'
import type { LibraryDeps } from './deps.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { Records } from './records.ts'
import { checkMetadata, newFile } from './register.ts'
import type { UploadFolder } from './upload-folder.ts'
import { copyEnding, shownName } from './upload-name.ts'
import { createUploadSpace, type Claim } from './upload-space.ts'

/** What is told of an upload beside its bytes, before or after them. */
export type UploadAbout = { filename: string; metadata?: Metadata | undefined }

/** What an upload is taken by. */
export type UploadOptions = {
  /** Size of the file or a little more, when it is known before it comes. */
  declaredBytes: number | undefined
  /** Aborted when its sender has left. */
  signal: AbortSignal
}

/** Files that are sent to Matinee instead of registered where they lie. */
export interface Uploads {
  /**
   * Writes a body to the disk as it comes, and makes a file of the library out of it when `about` is known. The same
   * content sent twice is two files. Throws AppError `too_large`, `disk_full`, `unsupported_media` with the reason,
   * what `about` rejects with, or the signal's reason; nothing is left then.
   */
  receive(body: Readable, about: Promise<UploadAbout>, options: UploadOptions): Promise<StoredFile>
  /** Bytes of the largest upload that would be taken now. */
  room(): Promise<number>
  /** Ends what a stop interrupted; before anything is read. */
  recover(): void
  /** Breaks off what is coming; resolves when its rests are gone. */
  close(): Promise<void>
}

type UploadDeps = Pick<LibraryDeps, 'store' | 'log' | 'maxUploadBytes'> & {
  records: Pick<Records, 'announce'>
  folder: UploadFolder
}

/** So often what was written goes to the disk itself: a slow disk slows its sender, and no flood waits at the end. */
const SYNC_EVERY_BYTES = 256 * 1024 ** 2

/** A form has more bytes than the file in it; by so many they may differ. */
const FORM_BYTES = 1024 ** 2

/** Makes the taker of uploads. */
export function createUploads(deps: UploadDeps): Uploads {
  const { store, folder, log } = deps
  const maxBytes = deps.maxUploadBytes ?? Number.MAX_SAFE_INTEGER
  const space = createUploadSpace(folder.path)
  const closing = new AbortController()
  const running = new Set<Promise<unknown>>()

  const tooLarge = (): AppError =>
    new AppError('too_large', `The file is too large: at most ${bytesText(maxBytes)} are taken.`)

  /** Writes the body into a new file. Nothing touches the disk before it is known to be media. */
  const write = async (body: Readable, path: string, claim: Claim): Promise<void> => {
    let handle: FileHandle | undefined
    let total = 0
    let unsynced = 0
    try {
      for await (const chunk of mediaOf(body)) {
        total += chunk.length
        if (total > maxBytes) throw tooLarge()
        handle ??= await open(path, 'wx', 0o600)
        await handle.writeFile(chunk)
        await claim.wrote(chunk.length)
        unsynced += chunk.length
        if (unsynced < SYNC_EVERY_BYTES) continue
        await handle.datasync()
        unsynced = 0
      }
      await handle?.sync()
    } finally {
      await handle?.close()
    }
  }

  /** The row first: when it is there the upload is the library's, and a stop before the renaming loses nothing. */
  const take = (file: StoredFile, part: string): void => {
    store.files.insert(file)
    try {
      renameSync(part, file.path)
    } catch (error) {
      store.files.remove(file.id)
      throw error
    }
    deps.records.announce(file)
  }

  const receiveOne = async (
    body: Readable,
    about: Promise<UploadAbout>,
    { declaredBytes, signal }: UploadOptions,
  ): Promise<StoredFile> => {
    if (declaredBytes !== undefined && declaredBytes - FORM_BYTES > maxBytes) throw tooLarge()
    const claim = await space.claim(declaredBytes)
    const id = randomUUID()
    const part = folder.partOf(id)
    try {
      addAbortSignal(signal, body)
      await write(body, part, claim)
      const { filename: given, metadata } = await orAborted(about, signal)
      checkMetadata(metadata)
      const filename = shownName(given)
      const fingerprint = await fingerprintOf(part)
      const identity = identityOf(await lstat(part, { bigint: true }))
      await folder.sync()
      signal.throwIfAborted()
      const path = join(folder.path, `${id}${copyEnding(filename)}`)
      const row = newFile({ path, identity, folderId: null }, fingerprint, metadata)
      const file: StoredFile = { ...row, id, source: 'upload', filename }
      take(file, part)
      return file
    } catch (error) {
      await rm(part, { force: true }).catch((it: unknown) => {
        log.warn({ err: it }, 'the rest of an upload could not be deleted')
      })
      // The stream says only that it was aborted; the signal says why.
      signal.throwIfAborted()
      throw error
    } finally {
      claim.release()
    }
  }

  return {
    receive(body, about, { declaredBytes, signal }) {
      // A failure between two reads is found by the next one.
      body.on('error', () => undefined)
      about.catch(() => undefined)
      const run = receiveOne(body, about, {
        declaredBytes,
        signal: AbortSignal.any([signal, closing.signal]),
      }).finally(() => {
        running.delete(run)
        body.destroy()
      })
      running.add(run)
      return run
    },
    room: async () => Math.min(maxBytes, await space.room()),
    recover() {
      // An upload belongs to no folder of the library.
      const loose = store.files.looseIdentities().map(({ id }) => store.files.byId(id))
      const { moved, cleared } = folder.recover(
        loose.filter((file): file is StoredFile => file?.source === 'upload'),
      )
      for (const { file, path } of moved) store.files.update({ ...file, path })
      const run = cleared.finally(() => running.delete(run))
      running.add(run)
    },
    async close() {
      closing.abort(new AppError('busy', 'Matinee is stopping.'))
      await Promise.allSettled(running)
    },
  }
}

/**
 * The same bytes, the first of them held back until they were looked at. Throws AppError `unsupported_media` for what
 * is no audio or video, having read no more than it needs to know.
 */
async function* mediaOf(body: Readable): AsyncGenerator<Buffer> {
  const chunks = body as AsyncIterable<Buffer>
  let head: Buffer[] | undefined = []
  let bytes = 0
  for await (const chunk of chunks) {
    if (!head) {
      yield chunk
      continue
    }
    head.push(chunk)
    bytes += chunk.length
    if (bytes < HEAD_BYTES) continue
    yield looked(head)
    head = undefined
  }
  if (head) yield looked(head)
}

function looked(chunks: readonly Buffer[]): Buffer {
  const head = Buffer.concat(chunks)
  const found = sniff(head.subarray(0, HEAD_BYTES))
  if (!isMedia(found)) throw new AppError('unsupported_media', found.reason)
  return head
}

/** What a promise brings, unless the signal is aborted first. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason as Error)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
