import { readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import type { MediaInfo } from '../../shared/media.ts'
import { writeFileAtomic } from '../base/atomic-file.ts'
import { AppError, systemCode } from '../base/errors.ts'
import { composeFfmpeg, runFfmpeg } from './ffmpeg.ts'
import type { Tools } from './tools.ts'

/** `poster`: the picture as it is, inside 1280 x 1280. `card`: 1200 x 630, for link previews (Open Graph). */
export type PosterKind = 'poster' | 'card'

/** What a poster is made of. */
export type PosterSource = { fingerprint: string; path: string; media: MediaInfo }

/** Pictures of files, kept by content: a moved file keeps its picture. */
export interface Thumbnails {
  /**
   * Makes the poster of a file: a frame of the film, or the cover that lies in a sound file. False when there is no
   * picture in it. Throws AppError `unsupported_media` when ffmpeg cannot show the film, the signal's reason on abort.
   */
  make(source: PosterSource, signal: AbortSignal): Promise<boolean>
  /** Path of a picture; the card is made from the poster when it is first asked for. Throws AppError `not_found`. */
  find(fingerprint: string, kind: PosterKind): Promise<string>
  remove(fingerprint: string): Promise<void>
}

/** Longest side of a poster, in pixels. */
export const POSTER_SIDE = 1280
const CARD = { width: 1200, height: 630 }
const TIMEOUT_MS = 60_000

/** Where in a film its poster is looked for: past titles, still near the beginning; further in where that is black. */
const POSTER_AT = [0.1, 0.3, 0.5]
/** Mean of the brightest channel, 0..255, up to which a frame counts as black. */
const BLACK = 20
/**
 * Of the first 12 frames from the key frame on, the one most like the others: no flash, no blend. It gets time 0,
 * because ffmpeg drops what lies before the time that was sought, and would go on to the next 12.
 */
const FRAME_CHOICE = ['thumbnail=12', 'setpts=PTS-STARTPTS']

/** Makes the pictures' home in `dir`. */
export function createThumbnails(deps: { tools: Pick<Tools, 'ffmpeg'>; dir: string }): Thumbnails {
  const { tools, dir } = deps
  const pathOf = (fingerprint: string, kind: PosterKind): string => join(dir, `${fingerprint}-${kind}.jpg`)

  const find = async (fingerprint: string, kind: PosterKind): Promise<string> => {
    const path = pathOf(fingerprint, kind)
    if (await exists(path)) return path
    if (kind === 'poster') throw new AppError('not_found', 'There is no picture of this file.')
    await writeFileAtomic(path, await cardOf(await readFile(await find(fingerprint, 'poster'))))
    return path
  }

  return {
    async make({ fingerprint, path, media }, signal) {
      const picture = media.video
        ? await brightFrame(tools, path, media, signal)
        : await cover(tools, path, media, signal)
      if (!picture) return false
      await writeFileAtomic(pathOf(fingerprint, 'poster'), picture)
      return true
    },
    find,
    async remove(fingerprint) {
      for (const kind of ['poster', 'card'] as const) await rm(pathOf(fingerprint, kind), { force: true })
    },
  }
}

/** The first frame of those looked at that is not black, else the first there is. */
async function brightFrame(
  tools: Pick<Tools, 'ffmpeg'>,
  path: string,
  media: MediaInfo,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  let dark: Buffer | undefined
  for (const fraction of [...POSTER_AT, 0]) {
    const frame = await grab(tools, path, media, signal, media.durationS * fraction)
    if (frame.length === 0) continue
    if (!(await isBlack(frame))) return frame
    dark ??= frame
  }
  return dark
}

/** The cover of a sound file, which ffmpeg shows as a video stream of one frame. A broken one is none. */
async function cover(
  tools: Pick<Tools, 'ffmpeg'>,
  path: string,
  media: MediaInfo,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  try {
    const picture = await grab(tools, path, media, signal)
    return picture.length > 0 ? picture : undefined
  } catch (error) {
    if (error instanceof AppError && error.code === 'unsupported_media') return undefined
    throw error
  }
}

/** One picture as JPEG, turned as the container says; empty when there is none at `atS`. */
async function grab(
  tools: Pick<Tools, 'ffmpeg'>,
  path: string,
  media: MediaInfo,
  signal: AbortSignal,
  atS?: number,
): Promise<Buffer> {
  const { video } = media
  const filters = video
    ? [...FRAME_CHOICE, scaleTo(video.width, video.height), 'setsar=1']
    : [`scale=min(${POSTER_SIDE}\\,iw):min(${POSTER_SIDE}\\,ih):force_original_aspect_ratio=decrease`]
  const args = composeFfmpeg(
    { path, demuxer: media.demuxer },
    {
      options: [
        // V is for films: a cover is no frame of one (ffmpeg, stream specifiers).
        ...['-map', video ? '0:V:0' : '0:v:0', '-frames:v', '1', '-vf', filters.join(',')],
        ...['-c:v', 'mjpeg', '-q:v', '3', '-pix_fmt', 'yuvj420p', '-f', 'image2pipe'],
      ],
      target: '-',
    },
    [
      ...['-threads', '1'],
      // From the key frame before that time, not from the time itself: no GOP of ten seconds is decoded for it.
      ...(atS === undefined ? [] : ['-noaccurate_seek', '-ss', atS.toFixed(3)]),
    ],
  )
  return runFfmpeg(tools, args, { signal, timeoutMs: TIMEOUT_MS })
}

/** Scales to the display size, which holds rotation and sample aspect ratio, inside the poster's square. */
export function scaleTo(width: number, height: number): string {
  const factor = Math.min(1, POSTER_SIDE / Math.max(width, height))
  const even = (length: number): number => Math.max(2, Math.round((length * factor) / 2) * 2)
  return `scale=${even(width)}:${even(height)}`
}

async function isBlack(jpeg: Buffer): Promise<boolean> {
  const { channels } = await sharp(jpeg).stats()
  return Math.max(...channels.map((it) => it.mean)) <= BLACK
}

/** The whole picture on 1200 x 630, over a dark, blurred blow-up of itself: nothing is cut off or stretched. */
export async function cardOf(poster: Buffer): Promise<Buffer> {
  const behind = await sharp(poster)
    .resize({ ...CARD, fit: 'cover' })
    .blur(30)
    .modulate({ brightness: 0.45 })
    .toBuffer()
  const front = await sharp(poster)
    .resize({ ...CARD, fit: 'inside' })
    .toBuffer()
  return sharp(behind)
    .composite([{ input: front, gravity: 'centre' }])
    .jpeg({ quality: 82, mozjpeg: true })
    .toBuffer()
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await stat(path)).size > 0
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false
    throw error
  }
}
