import { mkdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import type { MediaInfo } from '../../shared/media.ts'
import { writeFileAtomic } from '../base/atomic-file.ts'
import { AppError, systemCode } from '../base/errors.ts'
import { composeFfmpeg, runFfmpeg } from './ffmpeg.ts'
import type { Tools } from './tools.ts'

/** `poster`: the frame as it is, at most 1280 wide. `card`: 1200 x 630, for link previews (Open Graph). */
export type PosterKind = 'poster' | 'card'

/** Pictures of files, kept by content: a moved file keeps its picture. */
export interface Thumbnails {
  /** Makes the poster of a file. False when it has no picture. Throws AppError `unsupported_media`. */
  make(source: PosterSource, signal: AbortSignal): Promise<boolean>
  /** Path of a picture made before; the card is made from the poster when it is first asked for. Throws `not_found`. */
  find(fingerprint: string, kind: PosterKind): Promise<string>
  remove(fingerprint: string): Promise<void>
}

/** What a poster is made of. */
export type PosterSource = { fingerprint: string; path: string; media: MediaInfo }

const POSTER_WIDTH = 1280
const CARD = { width: 1200, height: 630 }
const TIMEOUT_MS = 60_000
/** How far in the poster is: past titles and black, still near the beginning. */
const POSTER_AT = 0.1
/** Frames compared; `thumbnail` takes the one that is most like the others, so seldom a black or blurred one. */
const COMPARED_FRAMES = 12

/** Makes the pictures' home in `dir`. */
export function createThumbnails(deps: { tools: Pick<Tools, 'ffmpeg'>; dir: string }): Thumbnails {
  const pathOf = (fingerprint: string, kind: PosterKind): string =>
    join(deps.dir, `${fingerprint}-${kind}.jpg`)

  const grab = async ({ path, media }: PosterSource, atS: number, signal: AbortSignal): Promise<Buffer> => {
    const filters = media.video
      ? [`thumbnail=${COMPARED_FRAMES}`, `scale='min(${POSTER_WIDTH},iw*sar)':-2`, 'setsar=1']
      : [`scale='min(${POSTER_WIDTH},iw)':-2`]
    const args = composeFfmpeg(
      { path, demuxer: media.demuxer },
      {
        options: [
          ...['-map', '0:v:0', '-an', '-sn', '-dn', '-frames:v', '1', '-vf', filters.join(',')],
          ...['-c:v', 'mjpeg', '-q:v', '3', '-pix_fmt', 'yuvj420p', '-f', 'image2pipe'],
        ],
        target: '-',
      },
      // Before the source: seeks to the key frame and decodes from there.
      media.video ? ['-ss', atS.toFixed(3), '-threads', '1'] : ['-threads', '1'],
    )
    return runFfmpeg(deps.tools, args, { signal, timeoutMs: TIMEOUT_MS })
  }

  return {
    async make(source, signal) {
      const { media, fingerprint } = source
      // Sound has a picture only where a cover is embedded, which ffmpeg shows as a video stream of one frame.
      const picture = media.video
        ? await grab(source, media.durationS * POSTER_AT, signal).then((it) =>
            it.length > 0 ? it : grab(source, 0, signal),
          )
        : await grab(source, 0, signal).catch((error: unknown) => {
            if (error instanceof AppError) return Buffer.alloc(0)
            throw error
          })
      if (picture.length === 0) return false
      await mkdir(deps.dir, { recursive: true })
      await writeFileAtomic(pathOf(fingerprint, 'poster'), picture)
      return true
    },

    async find(fingerprint, kind) {
      const path = pathOf(fingerprint, kind)
      if (await exists(path)) return path
      if (kind === 'card') {
        const poster = await readFile(await this.find(fingerprint, 'poster'))
        await writeFileAtomic(path, await cardOf(poster))
        return path
      }
      throw new AppError('not_found', 'There is no picture of this file.')
    },

    async remove(fingerprint) {
      for (const kind of ['poster', 'card'] as const) await rm(pathOf(fingerprint, kind), { force: true })
    },
  }
}

/** The whole picture on 1200 x 630, over a dark, blurred blow-up of itself: nothing is cut off or stretched. */
async function cardOf(poster: Buffer): Promise<Buffer> {
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
