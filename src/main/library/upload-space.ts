import { statfs } from 'node:fs/promises'
import { AppError } from '../base/errors.ts'

/** Room on the disk of the uploads, with what is promised to those that are still coming. */
export interface UploadSpace {
  /** Bytes that an upload may have now; no bound where the system does not tell. */
  room(): Promise<number>
  /** Keeps room for an upload of so many bytes; undefined when nobody knows. Throws AppError `disk_full`. */
  claim(declaredBytes: number | undefined): Promise<Claim>
}

/** The room that one upload has. */
export type Claim = {
  /** Tells what has been written; looks at the disk now and then. Throws AppError `disk_full`. */
  wrote(bytes: number): Promise<void>
  release(): void
}

/** Left free for the database, the caches and everybody else: the smaller of both. */
const RESERVE_BYTES = 1024 ** 3
const RESERVE_PART = 0.05

/** Others fill the disk as well: it is looked at again after so many bytes. */
const LOOK_EVERY_BYTES = 64 * 1024 ** 2

/** Makes the keeper of the room in `folder`. */
export function createUploadSpace(folder: string): UploadSpace {
  let promised = 0

  const free = async (): Promise<number> => {
    const { bavail, blocks, bsize } = await statfs(folder)
    // Some network drives tell nothing.
    if (blocks === 0) return Number.MAX_SAFE_INTEGER
    return bavail * bsize - Math.min(RESERVE_BYTES, blocks * bsize * RESERVE_PART)
  }

  return {
    room: async () => Math.max(0, Math.floor((await free()) - promised)),
    async claim(declaredBytes) {
      let owed = declaredBytes ?? 0
      let unseen = 0
      const owe = (bytes: number): void => {
        promised += bytes - owed
        owed = bytes
      }
      promised += owed
      // Counted before the look, so that two at once do not get the same room.
      if ((await free()) < promised) {
        owe(0)
        throw noRoom()
      }
      return {
        async wrote(bytes) {
          owe(Math.max(0, owed - bytes))
          unseen += bytes
          if (unseen < LOOK_EVERY_BYTES) return
          unseen = 0
          if ((await free()) < 0) throw noRoom()
        },
        release: () => owe(0),
      }
    },
  }
}

const noRoom = (): AppError =>
  new AppError('disk_full', 'There is not enough room on the disk of Matinee’s data folder for this upload.')
