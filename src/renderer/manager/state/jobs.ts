import { create } from 'zustand'
import type { Job } from '../../../shared/api/job.ts'

/** Work that waits or runs, and what came of preparing that failed. */
export type JobsState = {
  jobs: ReadonlyMap<string, Job>
  /** Why the preparing of a file failed last, by the file's id; gone when it is tried again. */
  failures: ReadonlyMap<string, string>
  /** Exports by their ids, ended ones too: their result can be fetched for a while. Oldest first. */
  exports: ReadonlyMap<string, Job>
}

/** The jobs; written by `sync` alone. */
export const useJobs = create<JobsState>()(() => ({
  jobs: new Map(),
  failures: new Map(),
  exports: new Map(),
}))

/** Kinds of work that make a file play. */
const PREPARING: ReadonlySet<Job['kind']> = new Set(['transcode', 'package', 'keep'])

const isOpen = (job: Job): boolean => job.status === 'queued' || job.status === 'running'

/** The state of a list of jobs, newest first as the engine gives it. */
export const jobsOf = (jobs: readonly Job[]): JobsState =>
  withJobs({ jobs: new Map(), failures: new Map(), exports: new Map() }, jobs.toReversed())

/** The state with jobs as they are now, in the order in which that happened. */
export function withJobs(state: JobsState, changed: readonly Job[]): JobsState {
  const jobs = new Map(state.jobs)
  const failures = new Map(state.failures)
  const exports = new Map(state.exports)
  for (const job of changed) {
    if (isOpen(job)) jobs.set(job.id, job)
    else jobs.delete(job.id)
    if (job.kind === 'export') exports.set(job.id, job)
    if (!PREPARING.has(job.kind) || job.file_id === undefined) continue
    if (job.status === 'failed') failures.set(job.file_id, job.error ?? 'Preparing failed.')
    else failures.delete(job.file_id)
  }
  return { jobs, failures, exports }
}

/** The work of one kind on a file that waits or runs. */
export function jobOf({ jobs }: Pick<JobsState, 'jobs'>, fileId: string, kind: Job['kind']): Job | undefined {
  for (const job of jobs.values()) if (job.kind === kind && job.file_id === fileId) return job
  return undefined
}

/** The preparing of a file's stream that waits or runs: repacking, converting, keeping. */
export function packagingOf(state: Pick<JobsState, 'jobs'>, fileId: string): Job | undefined {
  for (const kind of PREPARING) {
    const job = jobOf(state, fileId, kind)
    if (job) return job
  }
  return undefined
}
