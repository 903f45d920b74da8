import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { MediaInfo } from '../../shared/media.ts'
import { writeFileAtomic } from '../base/atomic-file.ts'
import { AppError, systemCode } from '../base/errors.ts'
import { createLimit } from '../base/limit.ts'
import { sharedRuns } from '../base/shared-runs.ts'
import { composeFfmpeg, runFfmpeg } from './ffmpeg.ts'
import type { ClipWindow } from './playable.ts'
import { cardOf, POSTER_SIDE, scaleTo, type PosterKind, type PosterSource } from './thumbnails.ts'
import type { Tools } from './tools.ts'

/** Pictures of parts of films, kept by content and window. */
export interface Stills {
  /**
   * Path of a picture whose frame lies in `window`, about its middle, made now if need be. Throws AppError `not_found`
   * when there is no picture in it, `unsupported_media` when ffmpeg cannot show it, `busy` when too many are waited
   * for.
   */
  find(source: PosterSource, window: ClipWindow, kind: PosterKind): Promise<string>
  /** Drops all of a content that nobody has any more. */
  remove(fingerprint: string): Promise<void>
}

/** Anybody who may see a share may ask for any window of it: what is kept of that is bounded. */
const MAX_KEPT = 2_000
/** Made at once, and waited for: each is a run of ffmpeg. */
const AT_ONCE = 2
const MAX_WAITING = 200
const TIMEOUT_MS = 30_000
/** Containers with an index: ffmpeg goes to the key frame before a time. */
const SEEKABLE: ReadonlySet<string> = new Set(['mov', 'matroska'])
/** In others it goes to where the time should be, which may be behind the key frame that is needed; so far before, in seconds. */
const LEAD_S = 12
const LONG_LEAD_S = 60
/** Without a frame rate the shortest frame is taken for one of 60 per second. */
const DEFAULT_FRAME_RATE = 60

/** Makes the home of stills in `dir`, a cache. */
export function createStills({ tools, dir }: { tools: Pick<Tools, 'ffmpeg'>; dir: string }): Stills {
  const limit = createLimit(AT_ONCE)
  const runs = sharedRuns<string>()
  let waiting = 0
  let sinceSweep = MAX_KEPT

  const make = async (source: PosterSource, window: ClipWindow, path: string): Promise<string> => {
    const frame = await frameIn(tools, source, window)
    if (!frame) throw new AppError('not_found', 'There is no picture in this part.')
    await mkdir(dir, { recursive: true })
    await writeFileAtomic(path, frame)
    sinceSweep += 1
    if (sinceSweep > MAX_KEPT / 4) {
      sinceSweep = 0
      await sweep(dir)
    }
    return path
  }

  const find = async (source: PosterSource, window: ClipWindow, kind: PosterKind): Promise<string> => {
    const name = [source.fingerprint, window.startS, window.endS, kind].join('-')
    const path = join(dir, `${name}.jpg`)
    if (await exists(path)) return path
    if (kind === 'card') {
      const card = await cardOf(await readFile(await find(source, window, 'poster')))
      await writeFileAtomic(path, card)
      return path
    }
    if (waiting >= MAX_WAITING) throw new AppError('busy', 'Too many pictures are asked for at once.')
    waiting += 1
    try {
      const never = new AbortController().signal
      return await runs(path, never, () => limit(() => make(source, window, path)))
    } finally {
      waiting -= 1
    }
  }
  return {
    find,
    async remove(fingerprint) {
      const names = await namesIn(dir)
      for (const name of names.filter((it) => it.startsWith(`${fingerprint}-`))) {
        await rm(join(dir, name), { force: true })
      }
    },
  }
}

/** The frame at the middle of the window, or its first one where that is its last; undefined when it holds none. */
async function frameIn(
  tools: Pick<Tools, 'ffmpeg'>,
  source: PosterSource,
  { startS, endS }: ClipWindow,
): Promise<Buffer | undefined> {
  const frameS = 1 / (source.media.video?.frameRate ?? DEFAULT_FRAME_RATE)
  // A window holds the frames from half a frame before its start up to half a frame before its end (API.md).
  const [firstS, untilS] = [startS - frameS / 2, endS - frameS / 2]
  const middleS = Math.max(firstS, (startS + endS) / 2 - frameS)
  const leadS = SEEKABLE.has(source.media.demuxer) ? 0 : LEAD_S
  const tries = [...(middleS > firstS ? [{ atS: middleS, leadS }] : []), { atS: firstS, leadS }]
  if (leadS > 0) tries.push({ atS: firstS, leadS: LONG_LEAD_S })
  for (const { atS, leadS } of tries) {
    const frame = await grabExactly(tools, source, { atS: Math.max(0, atS), untilS, leadS })
    if (frame.length > 0) return frame
  }
  return undefined
}

/** The first frame at or after `atS` as JPEG, empty when that is not before `untilS`. Decodes from `leadS` before. */
function grabExactly(
  tools: Pick<Tools, 'ffmpeg'>,
  { path, media }: { path: string; media: MediaInfo },
  { atS, untilS, leadS }: { atS: number; untilS: number; leadS: number },
): Promise<Buffer> {
  const fromS = Math.max(0, atS - leadS)
  const { width, height } = media.video ?? { width: POSTER_SIDE, height: POSTER_SIDE }
  const args = composeFfmpeg(
    { path, demuxer: media.demuxer },
    {
      options: [
        // Judged in the filter: `-t` before an input lets a frame slip through that is one too late in old versions.
        ...['-map', '0:V:0', '-frames:v', '1'],
        ...[
          '-vf',
          [
            `select=gte(t\\,${(atS - fromS).toFixed(6)})*lt(t\\,${(untilS - fromS).toFixed(6)})`,
            scaleTo(width, height),
            'setsar=1',
          ].join(','),
        ],
        ...['-c:v', 'mjpeg', '-q:v', '3', '-pix_fmt', 'yuvj420p', '-f', 'image2pipe'],
      ],
      target: '-',
    },
    // Read only as far as the window goes, were there no frame for it.
    [...['-threads', '2'], ...['-ss', fromS.toFixed(6), '-t', (untilS - fromS + 1).toFixed(6)]],
  )
  return runFfmpeg(tools, args, { timeoutMs: TIMEOUT_MS })
}

/** Drops the older half when there are too many. */
async function sweep(dir: string): Promise<void> {
  const names = await readdir(dir)
  if (names.length <= MAX_KEPT) return
  const aged = await Promise.all(
    names.map(async (name) => ({
      name,
      atMs: (await stat(join(dir, name)).catch(() => null))?.mtimeMs ?? 0,
    })),
  )
  aged.sort((one, other) => one.atMs - other.atMs)
  for (const { name } of aged.slice(0, names.length - MAX_KEPT / 2))
    await rm(join(dir, name), { force: true })
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await stat(path)).size > 0
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false
    throw error
  }
}
