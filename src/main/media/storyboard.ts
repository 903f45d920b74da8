import sharp from 'sharp'
import type { MediaInfo } from '../../shared/media.ts'
import { composeFfmpeg, runFfmpeg } from './ffmpeg.ts'
import type { Tools } from './tools.ts'

/**
 * A small picture of a film that stands for the time from `startS` to `endS`. Its frame is the first one from `fromS` on
 * that lies before `untilS`; all in seconds from the presentation's start. Unless that must be `exact`, the key frame
 * before will do. Decoding begins `leadS` before the frame.
 */
export type TilePlan = {
  startS: number
  endS: number
  fromS: number
  untilS: number
  exact: boolean
  leadS: number
}

/** Small pictures of a film on sheets, row by row. */
export type Storyboard = {
  tile: { width: number; height: number }
  columns: number
  rows: number
  /** In the order of the sheets. */
  tiles: { startS: number; endS: number }[]
  /** JPEG. */
  sheets: Buffer[]
}

/** Longest side of a tile: as large as a hand's breadth on a seek bar. */
const TILE_SIDE = 192
/** Tiles of a sheet: a viewer who looks at one place fetches some 60 kB. */
const COLUMNS = 5
const ROWS = 5
const QUALITY = 70
const TIMEOUT_MS = 30_000
const MAX_PIXELS = 8192 * 8192
/** Without a frame rate the shortest frame is taken for one of 60 per second. */
const DEFAULT_FRAME_RATE = 60

/**
 * Makes the pictures that `plan` asks for. One that is not there is left out, and the one before it stands for its time
 * too. Null when there is none at all. Throws AppError `unsupported_media` when ffmpeg cannot show the film, the signal's
 * reason on abort.
 */
export async function drawStoryboard(
  tools: Pick<Tools, 'ffmpeg'>,
  source: { path: string; media: MediaInfo },
  plan: readonly TilePlan[],
  signal: AbortSignal,
): Promise<Storyboard | null> {
  const tile = tileSize(source.media)
  const tiles: Storyboard['tiles'] = []
  const pictures: Buffer[] = []
  for (const it of plan) {
    const picture = await grabTile(tools, source, it, tile, signal)
    const before = tiles.at(-1)
    if (picture) {
      tiles.push({ startS: it.startS, endS: it.endS })
      pictures.push(picture)
    } else if (before) before.endS = it.endS
  }
  if (pictures.length === 0) return null
  const columns = Math.min(COLUMNS, pictures.length)
  const sheets: Buffer[] = []
  for (let at = 0; at < pictures.length; at += columns * ROWS) {
    sheets.push(await sheetOf(pictures.slice(at, at + columns * ROWS), columns, tile))
  }
  return { tile, columns, rows: ROWS, tiles, sheets }
}

/** The display size, which holds rotation and sample aspect ratio, inside the square of a tile. */
function tileSize({ video }: MediaInfo): Storyboard['tile'] {
  const { width, height } = video ?? { width: TILE_SIDE, height: TILE_SIDE }
  const factor = TILE_SIDE / Math.max(width, height)
  const even = (length: number): number => Math.max(2, Math.round((length * factor) / 2) * 2)
  return { width: even(width), height: even(height) }
}

/** The frame of a tile as RGB; undefined when there is none between its times. */
async function grabTile(
  tools: Pick<Tools, 'ffmpeg'>,
  { path, media }: { path: string; media: MediaInfo },
  { fromS, untilS, exact, leadS }: TilePlan,
  { width, height }: Storyboard['tile'],
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const frameS = 1 / (media.video?.frameRate ?? DEFAULT_FRAME_RATE)
  // A little late, for a key frame that is sought by a time rounded down is passed over, and its whole GOP decoded.
  const soughtS = fromS + frameS / 4
  const [lowS, highS] = [exact ? fromS - frameS / 2 - soughtS : -1e6, untilS - frameS / 2 - soughtS]
  const args = composeFfmpeg(
    { path, demuxer: media.demuxer },
    {
      options: [
        ...['-map', '0:V:0', '-frames:v', '1'],
        ...[
          '-vf',
          [
            `select=gte(t\\,${lowS.toFixed(6)})*lt(t\\,${highS.toFixed(6)})`,
            // ffmpeg drops what lies before the time that was sought.
            'setpts=PTS-STARTPTS',
            `scale=${width}:${height}`,
          ].join(','),
        ],
        ...['-c:v', 'rawvideo', '-pix_fmt', 'rgb24', '-f', 'rawvideo'],
      ],
      target: '-',
    },
    [
      ...['-threads', '1', '-max_pixels', String(MAX_PIXELS), '-noaccurate_seek'],
      // Read only as far as the tile goes, were there no frame for it.
      ...['-ss', soughtS.toFixed(6), '-t', (Math.max(0, highS) + leadS + 1).toFixed(6)],
    ],
  )
  const picture = await runFfmpeg(tools, args, { signal, timeoutMs: TIMEOUT_MS })
  return picture.length === width * height * 3 ? picture : undefined
}

function sheetOf(
  pictures: readonly Buffer[],
  columns: number,
  { width, height }: Storyboard['tile'],
): Promise<Buffer> {
  const rows = Math.ceil(pictures.length / columns)
  const canvas = { width: columns * width, height: rows * height, channels: 3, background: '#000' } as const
  const places = pictures.map((input, at) => ({
    input,
    raw: { width, height, channels: 3 as const },
    left: (at % columns) * width,
    top: Math.floor(at / columns) * height,
  }))
  return sharp({ create: canvas }).composite(places).jpeg({ quality: QUALITY }).toBuffer()
}
