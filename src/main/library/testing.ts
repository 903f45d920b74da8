import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, vi } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import type { ErrorCode } from '../../shared/api/error.ts'
import type { File } from '../../shared/api/file.ts'
import type { Folder } from '../../shared/api/folder.ts'
import type { EngineEvent } from '../../shared/events.ts'
import { createLog } from '../base/log.ts'
import { createJobQueue, type JobQueue } from '../jobs/queue.ts'
import { decodingOf } from '../media/decoding.ts'
import { lookInto } from '../media/look.ts'
import { createStills } from '../media/stills.ts'
import { createThumbnails } from '../media/thumbnails.ts'
import { resolveTools, type Tools } from '../media/tools.ts'
import { openStore, type Store } from '../store/store.ts'
import { buildMediaIndex } from '../streaming/keyframes.ts'
import { choosePackager } from '../streaming/packagers.ts'
import type { LibraryDeps } from './deps.ts'
import { createLibrary, type Library } from './library.ts'

/** A library over a real store, real ffmpeg and a temporary folder for its owner's media. */
export type LibraryUnderTest = {
  library: Library
  store: Store
  jobs: JobQueue
  /** The folder that Matinee keeps its own data in. */
  dataDir: string
  events: EngineEvent[]
  settled: string[]
  /** A folder of the owner, empty at first. */
  media: string
  /** Puts a copy of a test medium into that folder, under the name or path `as`; where it lies then. */
  copy: (name: string, ...as: string[]) => string
  /** Registers a file and waits until it has been read. */
  read: (path: string) => Promise<File>
  /** Adds a folder and waits until its scan and the reading of its files have ended. */
  scan: (path: string) => Promise<Folder>
  rescan: (id: string) => Promise<Folder>
  files: () => File[]
  /** Stops it and starts another on the same store, as a restart does. */
  restart: () => Promise<void>
  close: () => Promise<void>
}

/** What a promise of something that is refused is rejected with. */
export const refused = (code: ErrorCode) => expect.objectContaining({ code }) as Error

/** Waits for a condition; as long as a busy machine may need. */
export const waitUntil = (condition: () => unknown): Promise<unknown> =>
  vi.waitUntil(condition, { timeout: 30_000, interval: 20 })

/** A library over what lies in `dataDir`, and what it is made of. */
export type OpenLibrary = { library: Library; store: Store; jobs: JobQueue; stop: () => Promise<void> }

/** Opens a library in `dataDir` as the engine does; `over` replaces parts. */
export async function openLibrary(
  dataDir: string,
  over: Partial<LibraryDeps> & Pick<LibraryDeps, 'emit' | 'onSettled'>,
): Promise<OpenLibrary> {
  const tools = (toolsFound ??= await resolveTools(process.env))
  const canDecode = decodingOf(tools.decodable)
  const store = openStore(join(dataDir, 'matinee.db'))
  const jobs = createJobQueue({
    limits: { ingest: 4, scan: 1, package: 1, transcode: 1, segments: 1, export: 1, keep: 1 },
    onChange: () => undefined,
  })
  const library = createLibrary({
    ...{ store, jobs, tools, buildMediaIndex, dataDir, canDecode },
    choosePackager: (media, index) => choosePackager(media, index, canDecode),
    look: ({ path }, signal) => lookInto(path, tools, signal),
    log: createLog({ level: 'silent' }),
    thumbnails: createThumbnails({ tools, dir: join(dataDir, 'pictures') }),
    stills: createStills({ tools, dir: join(dataDir, 'stills') }),
    around: { subtitles: async () => [], remove: async () => undefined },
    packaged: { remove: async () => undefined },
    privateUrl: () => 'http://127.0.0.1:4400',
    ...over,
  })
  const stop = async (): Promise<void> => {
    await library.close()
    await jobs.close()
    store.close()
  }
  return { library, store, jobs, stop }
}
let toolsFound: Tools | undefined

/** Starts a library under test; `over` puts fakes at its edges. */
export async function startLibrary(over: Partial<LibraryDeps> = {}): Promise<LibraryUnderTest> {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'matinee-library-')))
  // A temporary folder may itself lie behind a symlink.
  const media = realpathSync(mkdtempSync(join(tmpdir(), 'matinee-media-')))
  const events: EngineEvent[] = []
  const settled: string[] = []
  const open = (): Promise<OpenLibrary> =>
    openLibrary(dir, { emit: (event) => events.push(event), onSettled: (id) => settled.push(id), ...over })

  const it = {
    ...(await open()),
    ...{ events, settled, media, dataDir: dir },
    files: (): File[] => it.library.list({ limit: 100, offset: 0, order: 'filename', sort: 'asc' }).data,
    copy(name: string, ...as: string[]): string {
      const path = join(media, ...as)
      mkdirSync(dirname(path), { recursive: true })
      copyFileSync(testMedia(name), path)
      return path
    },
    async read(path: string): Promise<File> {
      const { id } = await it.library.register({ path })
      await waitUntil(() => ['completed', 'failed'].includes(it.library.get(id).status))
      return it.library.get(id)
    },
    async scan(path: string): Promise<Folder> {
      return quiet((await it.library.addFolder({ path })).id)
    },
    async rescan(id: string): Promise<Folder> {
      await it.library.rescan(id)
      return quiet(id)
    },
    async restart(): Promise<void> {
      await it.stop()
      Object.assign(it, await open())
      it.library.start()
    },
    async close(): Promise<void> {
      await it.stop()
      rmSync(dir, { recursive: true, force: true })
      rmSync(media, { recursive: true, force: true })
    },
  }
  const quiet = async (id: string): Promise<Folder> => {
    await waitUntil(() => {
      const folder = it.library.folder(id)
      return folder.status !== 'scanning' && folder.pending_count === 0
    })
    return it.library.folder(id)
  }
  return it
}

/**
 * Runs `work` without the right to read everything: root has it, so a test that is run as root becomes another user
 * for that time. What it needs must be open to all.
 */
export async function withoutRights<T>(work: () => Promise<T>): Promise<T> {
  const isRoot = process.getuid?.() === 0
  if (isRoot) process.seteuid?.('nobody')
  try {
    return await work()
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
}
