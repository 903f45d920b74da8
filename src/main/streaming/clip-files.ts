import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, systemCode } from '../base/errors.ts'
import { createLimit } from '../base/limit.ts'
import { sharedRuns } from '../base/shared-runs.ts'
import { within } from '../base/within.ts'
import type { ClipFileKind } from './clips/clip-file.ts'
import type { WindowPlayable } from './clips/clip-packager.ts'
import type { Streams } from './streams.ts'

/** A clip as a file: its finished, whole bytes. */
export type ReadyClip = { path: string; bytes: number; kind: ClipFileKind }

/** Clips as files to be downloaded. */
export interface ClipFiles {
  /**
   * The clip of a window, made when it is first asked for. One that takes long goes on behind: throws AppError `busy`
   * then, and a later call finds it. Throws what making it throws.
   */
  find(playable: WindowPlayable): Promise<ReadyClip>
  close(): Promise<void>
}

/** Anybody who may see a share may ask for any part of it: what is kept of that is bounded. */
const MAX_KEPT_BYTES = 2 * 1024 ** 3
const MAX_WAITING = 8
/** So long somebody who asks is let wait, in ms. */
const PATIENCE_MS = 20_000

const KINDS: readonly ClipFileKind[] = ['mp4', 'mp3']

/** Makes the home of clips in `dir`, a cache that is emptied from its oldest end. */
export function createClipFiles({
  streams,
  dir,
}: {
  streams: Pick<Streams, 'clipFile'>
  dir: string
}): ClipFiles {
  const closing = new AbortController()
  const oneByOne = createLimit(1)
  const runs = sharedRuns<ReadyClip>()
  const underWay = new Map<string, Promise<ReadyClip>>()

  const known = async (key: string): Promise<ReadyClip | undefined> => {
    for (const kind of KINDS) {
      const path = join(dir, `${key}.${kind}`)
      const bytes = await sizeOf(path)
      if (bytes !== undefined) return { path, bytes, kind }
    }
    return undefined
  }

  const make = async (key: string, playable: WindowPlayable, signal: AbortSignal): Promise<ReadyClip> => {
    await mkdir(dir, { recursive: true })
    const raw = join(dir, `${key}.new`)
    const kind = await streams.clipFile(playable, raw, signal, () => undefined)
    const path = join(dir, `${key}.${kind}`)
    await rename(raw, path)
    await sweep(dir, path)
    return { path, bytes: (await sizeOf(path)) ?? 0, kind }
  }

  const begin = (key: string, playable: WindowPlayable): Promise<ReadyClip> => {
    const running = underWay.get(key)
    if (running) return running
    if (underWay.size >= MAX_WAITING) throw new AppError('busy', 'Too many clips are asked for at once.')
    const run = runs(key, closing.signal, (signal) => oneByOne(() => make(key, playable, signal)))
    underWay.set(key, run)
    run.finally(() => underWay.delete(key)).catch(() => undefined)
    return run
  }

  return {
    async find(playable) {
      const { fingerprint, window } = playable
      const key = [fingerprint, window.startS, window.endS].join('-')
      return (await known(key)) ?? (await within(begin(key, playable), PATIENCE_MS, notYet))
    },
    async close() {
      closing.abort(new AppError('busy', 'Matinee is stopping.'))
      await Promise.allSettled(underWay.values())
    },
  }
}

const notYet = (): AppError => new AppError('busy', 'The clip is being put together. Try again in a moment.')

/** Drops the oldest clips but `newest` until the rest fits. */
async function sweep(dir: string, newest: string): Promise<void> {
  const names = (await readdir(dir)).filter((it) => KINDS.some((kind) => it.endsWith(`.${kind}`)))
  const clips = await Promise.all(
    names.map(async (name) => {
      const path = join(dir, name)
      const facts = await stat(path).catch(() => null)
      return { path, bytes: facts?.size ?? 0, atMs: facts?.mtimeMs ?? 0 }
    }),
  )
  clips.sort((one, other) => one.atMs - other.atMs)
  let total = clips.reduce((sum, it) => sum + it.bytes, 0)
  for (const { path, bytes } of clips) {
    if (total <= MAX_KEPT_BYTES) return
    if (path === newest) continue
    await rm(path, { force: true })
    total -= bytes
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}
