import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import type { MediaIndex } from '../../shared/media.ts'
import { AppError } from '../base/errors.ts'
import { createWorkerPool, type WorkerPool } from '../base/worker-pool.ts'
import { WorkerLost, type TaskOptions } from '../base/worker-thread.ts'
import type { Look } from '../media/look.ts'
import type { Tools } from '../media/tools.ts'
import type { IndexRequest } from './keyframes.ts'
import type { IndexEvent, IndexTask, LookTask } from './reading-worker.ts'

/** Reads files in threads of their own: a large one disturbs nobody, a hostile one is ended with its thread (S54). */
export interface Readers {
  /** As `lookInto`, with the key table where that stands in the file. AppError `unsupported_media` too when reading took too long, or too much memory. */
  look(request: { path: string; bytes: number; tools: Tools }, signal: AbortSignal): Promise<Look>
  /** As `buildMediaIndex`, likewise. */
  index(request: IndexRequest, signal: AbortSignal): Promise<MediaIndex>
  /** Starts a thread, so that the first file need not wait for one. */
  warm(): void
  close(): Promise<void>
}

/**
 * Threads that read. One is enough for a machine of two cores: another would compile all the same code once more, and
 * while it waits for ffprobe it reads other files.
 */
const THREADS = availableParallelism() >= 4 ? 2 : 1

/** Files read at once, by all threads; the job queue has room for as many. */
const FILES_AT_ONCE = 4

/**
 * A film of two days needs a fourth of the old generation; what needs more is no film. With a young one as large as Node
 * would let it become, reading a large library takes 80 MB more and is no faster.
 */
const LIMITS = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 24 }

/** Longer than mediabunny and ffprobe each may take, one after the other; and what a slow disk needs for all bytes. */
const TIMEOUT_MS = 90_000
const SLOWEST_BYTES_PER_MS = 5_000

/** Beside this file in the sources; the build puts it into `out/main`, and this file there or into a folder there. */
const ENTRIES = ['reading-worker.ts', 'reading-worker.js', '../reading-worker.js']

/** Makes the readers. `stuckMs` and `entry` are for tests. */
export function createReaders({
  entry = entryFile(),
  stuckMs,
}: { entry?: URL; stuckMs?: number } = {}): Readers {
  const pool = createWorkerPool({
    ...{ entry, size: THREADS, tasksEach: FILES_AT_ONCE / THREADS, limits: LIMITS },
    ...(stuckMs === undefined ? {} : { stuckMs, stuckAloneMs: stuckMs }),
  })
  return {
    async look({ path, bytes, tools }, signal) {
      const request: LookTask = { path, tools }
      return (await run(pool, 'look', request, { signal, timeoutMs: timeoutFor(bytes) })) as Look
    },
    async index({ path, media, tools, progress }, signal) {
      const request: IndexTask = { path, media, tools, ...(progress ? { saved: progress.saved } : {}) }
      const index = await run(pool, 'index', request, {
        signal,
        timeoutMs: timeoutFor((await stat(path)).size),
        onEvent(it) {
          const event = it as IndexEvent
          if (event.kind === 'save') progress?.save(event.state)
          else progress?.report(event.fraction)
        },
      })
      return index as MediaIndex
    },
    warm: () => pool.warm(),
    close: () => pool.close(),
  }
}

const timeoutFor = (bytes: number): number => TIMEOUT_MS + bytes / SLOWEST_BYTES_PER_MS

function entryFile(): URL {
  const places = ENTRIES.map((name) => new URL(name, import.meta.url))
  const found = places.find((place) => existsSync(place))
  if (!found) throw new Error('the build lacks reading-worker.js')
  return found
}

async function run(pool: WorkerPool, task: string, request: unknown, options: TaskOptions): Promise<unknown> {
  try {
    return await pool.run(task, request, options)
  } catch (error) {
    throw error instanceof WorkerLost ? refusalOf(error) : error
  }
}

/** What is said of a file that cost a thread; a slow disk is no fault of the file, which is tried again another time. */
function refusalOf(lost: WorkerLost): AppError {
  if (lost.reason === 'slow') {
    return new AppError('internal', 'Reading this file took too long.', { cause: lost })
  }
  const what = { stuck: 'goes in a circle', memory: 'takes too much memory', crash: 'breaks off' }[
    lost.reason
  ]
  return new AppError('unsupported_media', `Reading this file ${what}: it is damaged, or made to do harm.`, {
    cause: lost,
  })
}
