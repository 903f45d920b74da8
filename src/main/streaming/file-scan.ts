import type { MediaIndex } from '../../shared/media.ts'
import { AppError } from '../base/errors.ts'
import { openFile } from '../media/source.ts'
import { endOfWholeClusters } from '../media/whole-clusters.ts'

/** A reading of a whole file, piece by piece, that can be put down and taken up again. */
export interface FileScan<Result = MediaIndex> {
  /** Place in the file to read on from. */
  readonly position: number
  /** Takes what lies at `position` and moves it on. `isLast` when nothing follows. */
  take(bytes: Buffer, isLast: boolean): void
  /** All that is needed to go on later, as JSON. */
  save(): unknown
  /** What came of it, once all was taken. */
  finish(): Result
}

/** Where a scan that was interrupted goes on, and who hears of it. Kept by whoever asks for an index. */
export type ScanProgress = {
  /** What was saved last for this content; null when there is nothing. */
  saved: string | null
  /** Keeps a state; called every few seconds. */
  save: (state: string) => void
  /** Hears the fraction 0..1 of the file that was read. */
  report: (fraction: number) => void
}

/** What was saved last; null when there is nothing that can be read. */
export function savedState(progress: ScanProgress | undefined): unknown {
  try {
    return progress?.saved ? (JSON.parse(progress.saved) as unknown) : null
  } catch {
    return null
  }
}

/** Bytes read at once: parsed in a few ms, so that viewers do not notice. */
const CHUNK_BYTES = 1024 * 1024

/** Time between two savings: what a kill costs, in ms. */
const SAVE_EVERY_MS = 2000

/** Time between two reports, in ms. */
const REPORT_EVERY_MS = 100

/**
 * Reads a file from where `scan` stands to its end. What was read is kept every few seconds and when the caller leaves.
 * Throws what the scan throws, AppError `file_missing` when the file became shorter, the signal's reason on abort.
 */
export async function runScan<Result>(
  path: string,
  scan: FileScan<Result>,
  progress: Pick<ScanProgress, 'save' | 'report'> | undefined,
  signal: AbortSignal,
): Promise<Result> {
  const file = await openFile(path)
  try {
    const fileBytes = await endOfWholeClusters(file, (await file.stat()).size)
    const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES)
    const save = (): void => progress?.save(JSON.stringify(scan.save()))
    let savedMs = performance.now()
    let reportedMs = -Infinity
    while (scan.position < fileBytes) {
      const from = scan.position
      const { bytesRead } = await file.read(chunk, 0, Math.min(CHUNK_BYTES, fileBytes - from), from)
      if (signal.aborted) {
        save()
        throw signal.reason
      }
      if (bytesRead === 0) throw new AppError('file_missing', 'The source became shorter while it was read.')
      scan.take(chunk.subarray(0, bytesRead), from + bytesRead >= fileBytes)
      if (scan.position <= from) throw new Error('a scan stands still')
      const nowMs = performance.now()
      if (nowMs - reportedMs > REPORT_EVERY_MS || scan.position >= fileBytes) {
        progress?.report(Math.min(scan.position / fileBytes, 1))
        reportedMs = nowMs
      }
      if (nowMs - savedMs > SAVE_EVERY_MS) {
        save()
        savedMs = nowMs
      }
    }
    return scan.finish()
  } finally {
    await file.close()
  }
}
