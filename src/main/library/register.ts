import { randomUUID } from 'node:crypto'
import { lstat, realpath } from 'node:fs/promises'
import { basename, isAbsolute, relative, resolve } from 'node:path'
import type { Metadata } from '../../shared/api/common.ts'
import { AppError, systemCode } from '../base/errors.ts'
import type { SourceIdentity } from '../media/playable.ts'
import { readHead } from '../media/head.ts'
import { isMedia, sniff } from '../media/sniff.ts'
import { identityOf } from '../media/source.ts'
import type { StoredFile } from '../store/files.ts'
import type { StoredFolder } from '../store/folders.ts'

/** Most bytes of a file's `metadata` as JSON. */
const MAX_METADATA_BYTES = 64 * 1024

/** A path that may become a file of the library: real, regular, and sniffed as media. */
export type Registrable = { path: string; identity: SourceIdentity; folderId: string | null }

/**
 * Looks at a path that somebody wants to register. Throws AppError: `bad_request` (not absolute, a folder, a link that
 * leads out of a library folder), `not_found`, `forbidden` (permission), `unsupported_media` with the reason.
 */
export async function checkRegistrable(
  given: string,
  folders: readonly StoredFolder[],
): Promise<Registrable> {
  const path = absolutePath(given)
  const real = await realPathOf(path)
  const isInside = (file: string) => (folder: StoredFolder) => isWithin(folder.path, file)
  const home = folders.find(isInside(real))
  const left = folders.find(isInside(path))
  if (left && !home) {
    throw new AppError(
      'bad_request',
      'This is a link that leads out of a folder of the library. Add the file that it points to instead.',
    )
  }
  const stats = await lstat(real, { bigint: true }).catch(refusePath)
  if (stats.isDirectory()) {
    throw new AppError('bad_request', 'This is a folder. Add it as a folder, and its files come with it.')
  }
  if (!stats.isFile()) throw new AppError('unsupported_media', 'This is no regular file.')
  const sniffed = sniff(await readHead(real).catch(refusePath))
  if (!isMedia(sniffed)) throw new AppError('unsupported_media', sniffed.reason)
  return { path: real, identity: identityOf(stats), folderId: home?.id ?? null }
}

/** Refuses a path that names no place for sure. Throws AppError `bad_request`. */
export function absolutePath(given: string): string {
  if (given.includes('\0')) throw new AppError('bad_request', '"path" holds a NUL.')
  if (!isAbsolute(given)) throw new AppError('bad_request', '"path" must be absolute, like /videos/film.mp4.')
  return resolve(given)
}

/** The path with every symlink resolved. Throws AppError `not_found`, `forbidden` or `bad_request`. */
export function realPathOf(path: string): Promise<string> {
  return realpath(path).catch(refusePath)
}

/** True when `path` lies below `folder` or is it. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way === '' || (!isAbsolute(way) && way.split(/[\\/]/)[0] !== '..')
}

/** A new row of the library, still to be read. */
export const newFile = (
  { path, identity, folderId }: Registrable,
  fingerprint: string | null,
  metadata: Metadata | undefined,
): StoredFile => ({
  id: randomUUID(),
  path,
  folderId,
  source: 'local',
  filename: basename(path),
  ...identity,
  fingerprint,
  status: 'pending',
  failure: null,
  metadata: metadata ?? null,
  mediaType: null,
  media: null,
  delivery: null,
  deliveryReason: null,
  packager: null,
  poster: 'pending',
  missing: false,
  createdAt: Date.now(),
})

/** Throws AppError `bad_request` when metadata is too large. */
export function checkMetadata(metadata: Metadata | undefined): void {
  if (metadata && Buffer.byteLength(JSON.stringify(metadata)) > MAX_METADATA_BYTES) {
    throw new AppError('bad_request', '"metadata" is larger than 64 KiB.')
  }
}

/** Tells why a path cannot be looked at. Throws AppError `not_found`, `forbidden` or `bad_request`. */
export function refusePath(error: unknown): never {
  switch (systemCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      throw new AppError('not_found', 'There is nothing at this path.', { cause: error })
    case 'EACCES':
    case 'EPERM':
      throw new AppError('forbidden', 'Matinee is not allowed to read this path.', { cause: error })
    case 'ENAMETOOLONG':
    case 'ELOOP':
      throw new AppError('bad_request', '"path" leads nowhere.', { cause: error })
    default:
      throw error
  }
}
