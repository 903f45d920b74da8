import { mkdirSync, readdirSync, realpathSync, renameSync, writeFileSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Log } from '../base/log.ts'
import type { StoredFile } from '../store/files.ts'

/**
 * The folder of uploaded files, every name in it our own: `<id>.mp4` is the copy of a file, `<id>.part` one that is
 * still coming, `<id>.gone` says that the copy of that id is to be deleted. Nothing else in it is ever touched.
 */
export interface UploadFolder {
  /** Its real path. */
  readonly path: string
  /** Where an upload is written to until it is whole. */
  partOf(id: string): string
  /** Says on the disk that these copies go, before their rows do: what a stop interrupts is done at the next start. */
  mark(files: readonly StoredFile[]): void
  /** Deletes the copies of files whose rows are gone. What hinders that is logged, and tried at the next start. */
  clear(files: readonly StoredFile[]): Promise<void>
  /** Makes what was written to the folder survive a power cut, where the system can. */
  sync(): Promise<void>
  /**
   * Ends what a stop interrupted: a whole upload takes its place, other rests are deleted. Returns the copies that
   * lie here though their row says another folder: the data folder was moved.
   */
  recover(uploads: readonly StoredFile[]): {
    moved: { file: StoredFile; path: string }[]
    cleared: Promise<void>
  }
}

const OWN_NAME = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([a-z0-9]+)$/

/** Opens the folder, and makes it when it is not there. Throws the system error. */
export function openUploadFolder(given: string, log: Log): UploadFolder {
  mkdirSync(given, { recursive: true, mode: 0o700 })
  // Its owner may keep it on another disk by a link; the paths of files are real ones.
  const path = realpathSync(given)
  const within = (name: string): string => join(path, name)
  const remove = async (names: readonly string[]): Promise<void> => {
    try {
      for (const name of names) await rm(within(name), { force: true })
    } catch (error) {
      log.warn({ err: error }, 'an uploaded copy could not be deleted')
    }
  }
  const isOwn = ({ id, path: copy, source }: StoredFile): boolean =>
    source === 'upload' && dirname(copy) === path && idOf(basename(copy)) === id
  const removeCopy = (id: string, copies: readonly string[]): Promise<void> =>
    remove([...copies, `${id}.gone`])

  return {
    path,
    partOf: (id) => within(`${id}.part`),
    mark(files) {
      for (const { id } of files.filter(isOwn)) {
        try {
          writeFileSync(within(`${id}.gone`), '')
        } catch (error) {
          // A full disk must not keep anybody from making room.
          log.info({ err: error }, 'a deletion could not be noted')
        }
      }
    },
    async clear(files) {
      for (const { id, path: copy } of files.filter(isOwn)) await removeCopy(id, [basename(copy)])
    },
    async sync() {
      try {
        const handle = await open(path)
        await handle.sync().finally(() => handle.close())
      } catch (error) {
        log.debug({ err: error }, 'this system does not sync folders')
      }
    },
    recover(uploads) {
      const names = readdirSync(path)
      const here = new Set(names)
      const byId = new Map(uploads.map((file) => [file.id, file]))
      const rests: Promise<void>[] = []
      for (const name of names) {
        const id = idOf(name)
        if (id === undefined) continue
        const file = byId.get(id)
        if (name.endsWith('.part')) {
          if (file && !here.has(basename(file.path))) {
            renameSync(within(name), within(basename(file.path)))
            here.add(basename(file.path))
          } else rests.push(remove([name]))
        } else if (name.endsWith('.gone')) {
          rests.push(
            file
              ? remove([name])
              : removeCopy(
                  id,
                  names.filter((it) => idOf(it) === id),
                ),
          )
        }
      }
      const moved = uploads
        .filter((file) => dirname(file.path) !== path && here.has(basename(file.path)))
        .map((file) => ({ file, path: within(basename(file.path)) }))
      return { moved, cleared: Promise.all(rests).then(() => undefined) }
    },
  }
}

const idOf = (name: string): string | undefined => OWN_NAME.exec(name)?.[1]
