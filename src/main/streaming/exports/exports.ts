import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { join, parse } from 'node:path'
import type { CreateExport } from '../../../shared/api/export.ts'
import type { Job } from '../../../shared/api/job.ts'
import { AppError } from '../../base/errors.ts'
import { assertRoom } from '../../base/free-room.ts'
import type { Log } from '../../base/log.ts'
import { partName } from '../../base/part-name.ts'
import type { JobContext, JobQueue } from '../../jobs/queue.ts'
import { encodedBytes } from '../../media/encoded-size.ts'
import type { Playable } from '../../media/playable.ts'
import type { Tools } from '../../media/tools.ts'
import { createTurns, ENCODERS_AT_ONCE } from '../transcode-turns.ts'
import { planExport, type ExportPlan } from './export-plan.ts'
import { checkFit, copiedBytes, makeExport, type MakeDeps } from './make-export.ts'

/** A finished export, for as long as it is kept. */
export type ExportedFile = { path: string; filename: string; bytes: number }

/** Files made of parts of the owner's files: clips, sound alone, moving pictures. */
export interface Exports {
  /**
   * Begins to make one; the same wish again is the job there is. Throws as `playable` and `planExport` do, AppError
   * `disk_full`.
   */
  begin(file: { id: string; filename: string }, body: CreateExport): Promise<Job>
  /**
   * What an export made. Throws AppError `not_found` when the job is unknown or makes no file, `conflict` when it has
   * not ended well, `expired` when its file has been given up.
   */
  result(jobId: string): Promise<ExportedFile>
  close(): Promise<void>
}

type ExportDeps = {
  tools: Tools
  streams: MakeDeps['streams']
  jobs: Pick<JobQueue, 'begin' | 'get'>
  /** What streaming needs of a file, checked against the disk now. */
  playable: (fileId: string) => Promise<Playable>
  /** Where results lie: emptied at the start. */
  dir: string
  log: Log
}

/** A result that nobody fetched is given up after so long, in ms; the oldest earlier when there are too many. */
const KEPT_MS = 6 * 60 * 60_000
const KEPT_BYTES = 10e9
const SWEEP_EVERY_MS = 10 * 60_000

type Kept = ExportedFile & { isConverted: boolean; expiresAt: number }

/** Makes the service of exports. */
export function createExports({ tools, streams, jobs, playable, dir, log }: ExportDeps): Exports {
  // Its own: somebody who watches a film that is converted never waits for an export, which runs at a lower priority.
  const turns = createTurns(ENCODERS_AT_ONCE)
  const kept = new Map<string, Kept>()
  // Jobs are forgotten by a stop, and with them what led to their files.
  const emptied = rm(dir, { recursive: true, force: true }).catch((error: unknown) =>
    log.warn({ err: error }, 'results of an earlier run could not be removed'),
  )

  const drop = async (id: string): Promise<void> => {
    const it = kept.get(id)
    kept.delete(id)
    if (it) await rm(it.path, { force: true })
  }
  const sweep = async (): Promise<void> => {
    const ids = [...kept.keys()]
    let total = [...kept.values()].reduce((sum, it) => sum + it.bytes, 0)
    for (const id of ids.slice(0, -1)) {
      const it = kept.get(id)
      if (!it || (it.expiresAt > Date.now() && total <= KEPT_BYTES)) continue
      total -= it.bytes
      await drop(id)
    }
    const last = ids.at(-1)
    if (last !== undefined && (kept.get(last)?.expiresAt ?? 0) <= Date.now()) await drop(last)
  }
  const timer = setInterval(() => {
    sweep().catch((error: unknown) => log.warn({ err: error }, 'old exports could not be removed'))
  }, SWEEP_EVERY_MS)
  timer.unref()

  const run = async (
    fileId: string,
    filename: string,
    body: CreateExport,
    { id, signal, progress }: JobContext,
  ): Promise<Kept> => {
    await emptied
    signal.throwIfAborted()
    const source = await playable(fileId)
    const plan = planExport(source.media, body, tools)
    const folder = join(dir, `${randomUUID()}.tmp`)
    await mkdir(folder, { recursive: true })
    try {
      const made = await makeExport(
        { tools, streams, turns },
        { plan, playable: source, folder, signal, progress },
      )
      signal.throwIfAborted()
      const path = join(dir, `${id}.${plan.format}`)
      await rename(made.path, path)
      const result = {
        ...{ path, bytes: made.bytes, isConverted: made.isConverted },
        ...{ filename: nameOf(filename, plan), expiresAt: Date.now() + KEPT_MS },
      }
      kept.set(id, result)
      await sweep()
      return result
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  return {
    async begin({ id, filename }, body) {
      const source = await playable(id)
      const plan = planExport(source.media, body, tools)
      checkFit(plan, source)
      await emptied
      await assertRoom(dir, bytesOf(source, plan), 'for this export')
      const { format, window, maxBytes } = plan
      return jobs.begin<Kept>({
        kind: 'export',
        key: JSON.stringify(['export', id, format, window, maxBytes]),
        title: `Exporting ${nameOf(filename, plan)}`,
        fileId: id,
        run: (context) => run(id, filename, body, context),
        resultOf: (made) => ({
          ...{ filename: made.filename, bytes: made.bytes, converted: made.isConverted },
          expires_at: made.expiresAt,
        }),
      })
    },
    async result(jobId) {
      const { status, result, kind } = jobs.get(jobId)
      if (kind !== 'export') throw new AppError('not_found', 'This job makes no file.')
      if (status !== 'completed' || !result)
        throw new AppError('conflict', 'This job has made no file (yet).')
      const file = kept.get(jobId)
      // Its folder is a cache, which may be emptied at any time.
      const isThere = file && (await stat(file.path).then(Boolean, () => false))
      if (!file || !isThere) throw new AppError('expired', 'This file is no longer kept. Export it again.')
      return file
    },
    async close() {
      clearInterval(timer)
      await emptied
    },
  }
}

const nameOf = (filename: string, { format, window }: ExportPlan): string =>
  window ? partName(filename, window.startS, window.endS, format) : `${parse(filename).name}.${format}`

/** About how many bytes it takes, beside what it becomes: the index is moved to the front by writing the file anew. */
function bytesOf(playable: Playable, plan: ExportPlan): number {
  const { video } = playable.media
  if (plan.maxBytes !== null) return plan.maxBytes
  if (plan.format !== 'mp4' || !video) return plan.lengthS * 40_000
  if (playable.packager !== 'transcode') return copiedBytes(playable, plan)
  return encodedBytes(video, plan.lengthS)
}
