import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError, systemCode } from '../../base/errors.ts'
import { sharedRuns } from '../../base/shared-runs.ts'
import type { Playable } from '../../media/playable.ts'
import { readIdentity } from '../../media/source.ts'
import type { Tools } from '../../media/tools.ts'
import { buildMediaIndex } from '../keyframes.ts'
import type { Packager, StreamBody } from '../packager.ts'
import { isReadByRemux } from '../packagers.ts'
import { cannotContinue } from './clip-encoder.ts'

/** What a clip of a playable is cut from. */
export interface CutSources {
  /**
   * The playable itself where its packets can be read at any time; else the same packets as they were packaged, in one
   * file. Throws AppError `busy` when they are not packaged yet, `disk_full` when there is no room for that file,
   * `unsupported_media` when they would have to be converted.
   */
  of(playable: Playable): Promise<Playable>
  isReady(playable: Playable): Promise<boolean>
  prepare(playable: Playable, signal: AbortSignal, progress: (fraction: number) => void): Promise<void>
}

type CutSourceDeps = {
  tools: Tools
  packaged: Packager
  /** Where files of packaged packets are kept. */
  dir: string
  closing: AbortSignal
}

/** Each is as large as its source. */
const KEPT_FILES = 2

/** Makes the sources of clips. */
export function createCutSources({ tools, packaged, dir, closing }: CutSourceDeps): CutSources {
  const running = sharedRuns<Playable>()
  const made = new Map<string, Playable>()

  const isDirect = ({ media, index }: Playable): boolean => isReadByRemux(media, index)

  const joinUp = async (playable: Playable): Promise<Playable> => {
    const { renditions } = await packaged.open(playable)
    const [rendition] = renditions
    const path = join(dir, `${playable.fingerprint}.mp4`)
    if (!(await exists(path))) {
      const parts: StreamBody[] = rendition.init ? [await rendition.init()] : []
      for (const { index } of rendition.segments) parts.push(await rendition.segment(index, closing))
      await writeParts(path, parts, closing)
      await keepNewest(dir)
    }
    const media = {
      ...{ ...playable.media, container: 'MP4', demuxer: 'mov', reader: 'mediabunny' as const },
      // No more of them are packaged.
      audio: playable.media.audio.slice(0, 1),
    }
    const index = await buildMediaIndex({ path, media, tools }, closing)
    const { fingerprint } = playable
    return { fingerprint, path, identity: await readIdentity(path), media, index, packager: 'remux' }
  }

  return {
    isReady: (playable) => (isDirect(playable) ? Promise.resolve(true) : packaged.isReady(playable)),
    async prepare(playable, signal, progress) {
      if (!isDirect(playable)) return packaged.prepare(playable, signal, progress)
      signal.throwIfAborted()
      progress(1)
    },
    async of(playable) {
      if (isDirect(playable)) return playable
      if (playable.packager !== 'packaged') throw cannotContinue()
      const { fingerprint, window } = playable
      const known = made.get(fingerprint)
      const source =
        known && (await exists(known.path))
          ? known
          : await running(fingerprint, closing, () => joinUp(playable))
      made.set(fingerprint, source)
      return window ? { ...source, window } : source
    },
  }
}

/** One after the other, they are a fragmented MP4. */
async function writeParts(path: string, parts: readonly StreamBody[], signal: AbortSignal): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  await mkdir(join(path, '..'), { recursive: true })
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (const part of parts) {
      if (part instanceof Uint8Array) yield part
      else yield* createReadStream(part.path) as AsyncIterable<Uint8Array>
    }
  }
  try {
    await pipeline(Readable.from(bytes()), createWriteStream(temporary), { signal })
    await rename(temporary, path)
  } catch (error) {
    if (systemCode(error) !== 'ENOSPC') throw error
    throw new AppError('disk_full', 'There is not enough room in the data folder to cut this file.', {
      cause: error,
    })
  } finally {
    await rm(temporary, { force: true })
  }
}

async function keepNewest(dir: string): Promise<void> {
  const names = await readdir(dir)
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(dir, name)
      return { path, madeMs: (await stat(path).catch(() => null))?.mtimeMs ?? 0 }
    }),
  )
  const old = files.sort((a, b) => b.madeMs - a.madeMs).slice(KEPT_FILES)
  await Promise.all(old.map(({ path }) => rm(path, { force: true })))
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  )
