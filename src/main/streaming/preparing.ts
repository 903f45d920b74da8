import { sharedRuns } from '../base/shared-runs.ts'
import type { JobQueue } from '../jobs/queue.ts'
import type { ClipWindow, Playable } from '../media/playable.ts'
import type { Streams } from './streams.ts'

/** What is to be prepared: a file, or a part of one. */
type Wanted = { fileId: string; window: ClipWindow | null }

/**
 * Makes all of a stream that can be made beforehand, as a job. Calls for the same that overlap share one job, which is
 * cancelled when the last of them has left. `progress` hears a fraction 0..1. Throws what `playable` and the packager
 * throw, the signal's reason on abort, AppError `conflict` when the owner has cancelled the job.
 */
export type Preparing = (
  wanted: Wanted,
  signal: AbortSignal,
  progress: (fraction: number) => void,
) => Promise<void>

type PreparingDeps = {
  jobs: Pick<JobQueue, 'add'>
  streams: Pick<Streams, 'opensNow' | 'prepare'>
  playable: (fileId: string, window: ClipWindow | null) => Promise<Playable>
  nameOf: (fileId: string) => string
}

/** Makes the preparing. */
export function createPreparing({ jobs, streams, playable, nameOf }: PreparingDeps): Preparing {
  const runs = sharedRuns<undefined>()
  const listeners = new Map<string, Set<(fraction: number) => void>>()

  return async ({ fileId, window }, signal, progress) => {
    const key = ['prepare', fileId, ...(window ? [window.startS, window.endS] : [])].join(':')
    const heard = listeners.get(key) ?? new Set()
    listeners.set(key, heard.add(progress))
    try {
      await runs(key, signal, async (runSignal) => {
        // What opens before it is prepared is converted: for long, and one at a time for each encoder there is.
        const isConverted = await streams.opensNow(await playable(fileId, window))
        return jobs.add({
          ...{ key, fileId, signal: runSignal },
          kind: isConverted ? 'transcode' : 'package',
          title: `${isConverted ? 'Converting' : 'Preparing'} ${nameOf(fileId)}`,
          async run(job) {
            await streams.prepare(await playable(fileId, window), job.signal, (fraction) => {
              job.progress(fraction)
              for (const hear of heard) hear(fraction)
            })
            return undefined
          },
        })
      })
    } finally {
      heard.delete(progress)
      if (heard.size === 0 && listeners.get(key) === heard) listeners.delete(key)
    }
  }
}
