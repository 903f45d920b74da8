import { create } from 'zustand'
import type { CreateExport } from '../../../shared/api/export.ts'
import type { Job } from '../../../shared/api/job.ts'
import { useJobs } from './jobs.ts'

/** What was asked of an export, so that it can be asked again. */
export type AskedExport = { fileId: string; body: CreateExport }

/** The exports that this window asked for, by their jobs, in that order; `isOpen`: their list is unfolded. */
export type ExportsState = { asked: ReadonlyMap<string, AskedExport>; isOpen: boolean }

/** The exports of this window. How they stand is told by the engine, in `useJobs`. */
export const useExports = create<ExportsState>()(() => ({ asked: new Map(), isOpen: true }))

/** Remembers an export that was asked for. An answer that came before its first event is written down as well. */
export function noteExport(job: Job, asked: AskedExport): void {
  useExports.setState((state) => ({ asked: new Map(state.asked).set(job.id, asked), isOpen: true }))
  useJobs.setState((state) =>
    state.exports.has(job.id) ? state : { exports: new Map(state.exports).set(job.id, job) },
  )
}

/** Takes an export off the list. */
export function forgetExport(id: string): void {
  useExports.setState((state) => {
    const asked = new Map(state.asked)
    asked.delete(id)
    return { asked }
  })
}

/** The exports to list: those of this window, and what others have running. */
export const exportsToShow = (
  exports: ReadonlyMap<string, Job>,
  asked: ReadonlyMap<string, AskedExport>,
): Job[] =>
  [...exports.values()].filter(
    (job) => job.status === 'queued' || job.status === 'running' || asked.has(job.id),
  )

/** Folds or unfolds the list. */
export const openExports = (isOpen: boolean): void => useExports.setState({ isOpen })
