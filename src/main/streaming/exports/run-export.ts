import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../base/errors.ts'
import { runFfmpeg } from '../../media/ffmpeg.ts'
import type { Tools } from '../../media/tools.ts'
import { progressS } from '../packaged-packager.ts'

/** A run of ffmpeg in a folder of its own. */
export type ExportRun = {
  args: readonly string[]
  /** Where it writes, and the name of what it writes there; null for a pass that leaves no file. */
  folder: string
  target: string | null
  lengthS: number
  isPictured: boolean
  signal: AbortSignal
  /** Hears a fraction 0..1. */
  progress: (fraction: number) => void
}

/** After what is converted for somebody who watches (10): an export may take as long as it likes. */
const NICE = 19

/** ffmpeg reports progress twice a second: silence for this long is a hang. */
const SILENCE_MS = 60_000
/** A second of film never takes longer than this, on the slowest of machines; what does not get on is ended by it. */
const SLOWEST_MS_PER_S = 60_000
const BASE_TIMEOUT_MS = 5 * 60_000

/** Nothing that we encode takes more: noise in 4K is a third of it. */
const MOST_BYTES_PER_S = 50_000_000
const BASE_BYTES = 64 * 1024 * 1024

/** No file of ours is smaller. */
const FEWEST_BYTES = 100

/**
 * Runs ffmpeg to a file in `folder`; resolves to its bytes. Throws AppError `unsupported_media` when it fails or gives
 * nothing, `disk_full`, the signal's reason on abort.
 */
export async function runExport(tools: Pick<Tools, 'ffmpeg'>, run: ExportRun): Promise<number> {
  let pictures = 0
  await runFfmpeg(tools, run.args, {
    signal: run.signal,
    cwd: run.folder,
    nice: NICE,
    timeoutMs: BASE_TIMEOUT_MS + run.lengthS * SLOWEST_MS_PER_S,
    silenceMs: SILENCE_MS,
    maxFolderBytes: BASE_BYTES + run.lengthS * MOST_BYTES_PER_S,
    onLine: (line) => {
      const doneS = progressS(line)
      if (doneS !== null) run.progress(Math.min(Math.max(doneS / Math.max(run.lengthS, 0.1), 0), 0.99))
      pictures = Number(/^frame= *(\d+)/.exec(line)?.[1] ?? pictures)
    },
  })
  if (run.isPictured && pictures === 0) throw nothing()
  if (run.target === null) return 0
  const { size } = await stat(join(run.folder, run.target)).catch(() => ({ size: 0 }))
  if (size < FEWEST_BYTES) throw nothing()
  return size
}

/** Also of an ffmpeg that says it has done its work, and has not. */
const nothing = (): AppError =>
  new AppError('unsupported_media', 'ffmpeg finds nothing to export between these times.')
