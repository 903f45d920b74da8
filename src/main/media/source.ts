import { constants, type BigIntStats } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import {
  ADTS,
  FLAC,
  Input,
  Logging,
  LogLevel,
  MATROSKA,
  MP3,
  MP4,
  OGG,
  QTFF,
  WAVE,
  WEBM,
  type InputFormat,
} from 'mediabunny'
import type { MediaIndex, ScanIndex } from '../../shared/media.ts'
import { AppError, systemCode } from '../base/errors.ts'
import { createLru } from '../base/lru.ts'
import { openDirectly } from './direct-file.ts'
import { createFileSource } from './file-source.ts'
import type { FileHead } from './headed-reader.ts'
import { readCuedHead } from './matroska-head.ts'
import type { Playable, SourceIdentity } from './playable.ts'

/**
 * The containers mediabunny may recognise, each of them one self-contained file. HLS is left out on purpose: a
 * playlist named `.mp4` would have it open the files beside it. MPEG-TS is left to ffprobe: its index is a full scan.
 */
const INPUT_FORMATS: InputFormat[] = [MP4, QTFF, WEBM, MATROSKA, WAVE, OGG, FLAC, ADTS, MP3]

// It would write what it finds in files to the console, past the log.
Logging.level = LogLevel.Silent

/** Inputs kept open: one of a 2 h film holds about 58 MB of sample tables. */
const MAX_OPEN_INPUTS = 4

// Without O_NONBLOCK, opening a FIFO waits for a writer that never comes. Windows has neither.
const OPEN_FLAGS = constants.O_RDONLY | ((constants as { O_NONBLOCK?: number }).O_NONBLOCK ?? 0)

/** The part of a playable that names its source; the places that a scan has found go with it. */
export type SourceRef = Pick<Playable, 'fingerprint' | 'path' | 'identity'> & {
  index?: Pick<MediaIndex, 'scan'>
}

/** An open source: for mediabunny, and as the file that it is. */
export type OpenSource = { input: Input; file: FileHandle }

/** Open sources, shared by everyone who reads them. */
export interface Sources {
  /**
   * Lends an open source for the time of `work`; the bytes of its packets are lent too, for no longer. Throws AppError `file_missing` when the source is gone
   * or is not what `identity` says, looked at anew at each use.
   */
  use<T>(source: SourceRef, work: (opened: OpenSource) => Promise<T>): Promise<T>
  /** Disposes every input, those in use when their work ends; resolves when all are closed. */
  close(): Promise<void>
}

/** What a source is now. Throws AppError `file_missing` when it is gone or no regular file. */
export async function readIdentity(path: string): Promise<SourceIdentity> {
  try {
    return identityOf(await stat(path, { bigint: true }))
  } catch (error) {
    throw missing(error)
  }
}

/**
 * Throws AppError `file_missing` when a source is gone or is not what its identity says. `look` is how it finds out what
 * the source is now.
 */
export async function checkSource(source: SourceRef, look = readIdentity): Promise<void> {
  assertSame(source.identity, await look(source.path))
}

/** The identity that stats tell: whole milliseconds, the inode as text because it may exceed 2^53 on Windows. */
export function identityOf(stats: BigIntStats): SourceIdentity {
  if (!stats.isFile()) throw new AppError('file_missing', 'The source is no longer a file.')
  return { bytes: Number(stats.size), mtimeMs: Number(stats.mtimeMs), inode: String(stats.ino) }
}

let isDirect = false

/** Has this thread open files as `openDirectly` does, from now on: for one that does nothing but read files. */
export function readDirectly(): void {
  isDirect = true
}

/** Opens a file for reading; a FIFO does not make it wait. The caller closes the handle. */
export async function openFile(path: string): Promise<FileHandle> {
  return isDirect ? openDirectly(path, OPEN_FLAGS) : open(path, OPEN_FLAGS)
}

/**
 * Opens a media file for mediabunny; the caller disposes the input. Nothing is read yet. A Matroska file without Cues is
 * given those that `places` make.
 */
export function openInput(path: string, places?: ScanIndex): Input {
  const { source } = createFileSource(() => openFile(path), headBy(places))
  return new Input({ formats: INPUT_FORMATS, source })
}

const headBy = (places: ScanIndex | undefined): { headOf?: (file: FileHandle) => Promise<FileHead> } =>
  places?.kind === 'clusters' ? { headOf: (file) => readCuedHead(file, places) } : {}

/** Makes the LRU of open inputs, keyed by fingerprint and path; one in use is never disposed. */
export function createSources(): Sources {
  type Entry = {
    opened: Promise<Lent>
    users: number
    evicted: boolean
    gone: PromiseWithResolvers<undefined>
  }
  const alive = new Set<Entry>()
  let closed = false

  const dispose = (entry: Entry): void => {
    entry.opened
      .then(
        ({ input }) => input.dispose(),
        // One that could not be opened has nothing to give back.
        () => undefined,
      )
      .finally(() => {
        alive.delete(entry)
        entry.gone.resolve(undefined)
      })
  }
  const inputs = createLru<Entry>({
    max: MAX_OPEN_INPUTS,
    onEvict(entry) {
      entry.evicted = true
      if (entry.users === 0) dispose(entry)
    },
  })

  const enter = (source: SourceRef): Entry => {
    const key = keyOf(source)
    const known = inputs.get(key)
    const entry = known ?? {
      opened: openChecked(source),
      users: 0,
      evicted: false,
      gone: Promise.withResolvers<undefined>(),
    }
    entry.users += 1
    if (!known) {
      alive.add(entry)
      inputs.set(key, entry)
      entry.opened.catch(() => {
        if (inputs.get(key) === entry) inputs.delete(key)
      })
    }
    return entry
  }
  const leave = (entry: Entry): void => {
    entry.users -= 1
    if (entry.users > 0) return
    if (entry.evicted) dispose(entry)
    else entry.opened.then(({ release }) => release()).catch(() => undefined)
  }

  return {
    async use(source, work) {
      if (closed) throw new AppError('busy', 'Matinee is stopping.')
      try {
        await checkSource(source)
      } catch (error) {
        inputs.delete(keyOf(source))
        throw error
      }
      const entry = enter(source)
      try {
        return await work(await entry.opened)
      } finally {
        leave(entry)
      }
    },
    async close() {
      closed = true
      inputs.clear()
      await Promise.all([...alive].map((entry) => entry.gone.promise))
    },
  }
}

/** `release`: nobody looks at bytes of it any more. */
type Lent = OpenSource & { release: () => void }

function keyOf(source: SourceRef): string {
  return `${source.fingerprint}/${source.identity.inode}/${source.path}`
}

/**
 * Opens a source and checks the descriptor itself: the path may have been given to another file meanwhile (S57). The
 * caller closes the handle. Throws AppError `file_missing` when the source is gone or is not what its identity says.
 */
export async function openSource(ref: SourceRef): Promise<FileHandle> {
  let handle: FileHandle
  try {
    handle = await openFile(ref.path)
  } catch (error) {
    throw missing(error)
  }
  try {
    assertSame(ref.identity, identityOf(await handle.stat({ bigint: true })))
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function openChecked(ref: SourceRef): Promise<Lent> {
  const handle = await openSource(ref)
  const { source, release } = createFileSource(() => Promise.resolve(handle), {
    opened: handle,
    ...headBy(ref.index?.scan),
  })
  return { input: new Input({ formats: INPUT_FORMATS, source }), file: handle, release }
}

function assertSame(known: SourceIdentity, now: SourceIdentity): void {
  // Whole milliseconds: a time that came from elsewhere may carry a fraction.
  const sameTime = Math.trunc(known.mtimeMs) === Math.trunc(now.mtimeMs)
  if (known.bytes !== now.bytes || !sameTime || known.inode !== now.inode) {
    throw new AppError('file_missing', 'The source was changed since this link was made.')
  }
}

function missing(error: unknown): unknown {
  const code = systemCode(error)
  if (code === undefined) return error
  if (code === 'EACCES' || code === 'EPERM') {
    return new AppError('file_missing', 'The source can no longer be read: permission denied.', {
      cause: error,
    })
  }
  return new AppError('file_missing', 'The source is no longer there.', { cause: error })
}
