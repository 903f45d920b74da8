import type { FileHandle } from 'node:fs/promises'
import { CustomSource } from 'mediabunny'
import { AppError } from '../base/errors.ts'
import { createBlockReader, type BlockReader } from './block-reader.ts'
import { shiftOf, withHead, type FileHead } from './headed-reader.ts'
import { createReadGuard } from './read-guard.ts'
import { assertSaneTables } from './isobmff-tables.ts'
import { endOfWholeClusters } from './whole-clusters.ts'
import { endOfWhole } from './whole-fragments.ts'

/** What mediabunny's readers call on a source, and what they are given: bytes, and where in the file they begin. */
type Internal = {
  _read: (start: number, end: number, ...rest: unknown[]) => ReadResult | Promise<ReadResult>
}
type ReadResult = { bytes: Uint8Array; view: DataView; offset: number } | null

/** A source for mediabunny over one file, and the word that nobody looks at its bytes any more. */
export type FileSource = { source: CustomSource; release: () => void }

/**
 * Makes a source that knows no path: one descriptor, so that no second file can be opened whatever the bytes say. It
 * answers reads itself, by views into blocks, in place of a method that mediabunny keeps internal; were that gone,
 * mediabunny would read by the public way, only slower, and a test would tell. `opened` is the handle when it is
 * open already: it is closed even if nothing is ever read; `headOf` gives the file another beginning. Throws AppError
 * `unsupported_media` for anything but a regular file, and for files that would lead mediabunny astray.
 */
export function createFileSource(
  openHandle: () => Promise<FileHandle>,
  { opened, headOf }: { opened?: FileHandle; headOf?: (file: FileHandle) => Promise<FileHead> } = {},
): FileSource {
  let handle = opened
  let blocks: BlockReader | undefined
  const guard = createReadGuard()

  const source = new CustomSource({
    // Both are done by the block reader.
    maxCacheSize: 0,
    prefetchProfile: 'none',
    async getSize() {
      handle = await openHandle()
      const stats = await handle.stat()
      if (!stats.isFile()) throw new AppError('unsupported_media', 'Only a regular file can be read.')
      await assertSaneTables(handle)
      const endAt = await endOfWholeClusters(handle, await endOfWhole(handle, stats.size))
      const reader = createBlockReader(handle, endAt)
      const head = await headOf?.(handle)
      blocks = head ? withHead(reader, head) : reader
      return endAt + (head ? shiftOf(head) : 0)
    },
    read(start, end) {
      if (!blocks) throw new Error('read before the size was asked for')
      return blocks.read(start, end)
    },
    dispose() {
      blocks?.end()
      // Nobody can wait for it, and a failed close has nobody who could do better.
      handle?.close().catch(() => undefined)
    },
    // A read that nobody waits for any more may fail unseen.
    handleUnhandledError: () => undefined,
  })

  const internal = source as unknown as Internal
  const first = internal._read.bind(source)
  internal._read = (start, end, ...rest) => {
    guard.count()
    // The first read asks for the size on its way.
    if (!blocks) return first(start, end, ...rest)
    const bytes = blocks.read(start, end)
    return bytes instanceof Promise ? bytes.then((it) => resultOf(it, start)) : resultOf(bytes, start)
  }
  const resultOf = (bytes: Uint8Array, offset: number): ReadResult => {
    guard.check(bytes)
    return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset }
  }
  return { source, release: () => blocks?.release() }
}
