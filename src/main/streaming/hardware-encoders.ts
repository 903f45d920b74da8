import { AppError, messageOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import { RunError } from '../base/spawn.ts'
import { composeFfmpeg, runFfmpeg } from '../media/ffmpeg.ts'
import type { Tools } from '../media/tools.ts'
import { writeFragment, type Sample } from './fragment-writer.ts'
import { writeInit } from './remux-init.ts'
import type { SourceLook } from './source-look.ts'
import { pictureArguments } from './transcode-arguments.ts'
import { hardwareOf, type PictureEncoder } from './transcode-encoder.ts'
import {
  encodedPictureFormat,
  PICTURE_TIMESCALE,
  type PicturePlan,
  type TranscodePlan,
} from './transcode-plan.ts'
import { runTranscode } from './transcode-run.ts'

/** The encoder of the hardware, for all conversions. */
export interface HardwareSearch {
  /** The first that stands the test, which is made once; null when none does. */
  find(): Promise<PictureEncoder | null>
  /** Is told why a conversion goes on without it. */
  dropped(why: unknown): void
}

type SearchDeps = {
  tools: Pick<Tools, 'ffmpeg' | 'hasFpsMode' | 'filters' | 'encoders'>
  log: Pick<Log, 'info' | 'warn'>
  closing: AbortSignal
}

/** A driver that takes longer for four seconds of small pictures hangs, in ms. */
const TEST_TIMEOUT_MS = 20_000

/**
 * Makes the search for an encoder of the hardware among those that ffmpeg lists. That it lists one says nothing: each is
 * tried with pictures of our own, which must all come back, in order, alike, and with the key frame that was wanted.
 */
export function createHardwareSearch({ tools, log, closing }: SearchDeps): HardwareSearch {
  let found: Promise<PictureEncoder | null> | undefined
  const search = async (): Promise<PictureEncoder | null> => {
    const refused: Record<string, string> = {}
    for (const name of hardwareOf(process.platform).filter((it) => tools.encoders.has(it))) {
      try {
        await testEncoder(tools, { name }, AbortSignal.any([closing, AbortSignal.timeout(TEST_TIMEOUT_MS)]))
        log.info({ encoder: name }, 'pictures are converted by the hardware')
        return { name }
      } catch (error) {
        closing.throwIfAborted()
        refused[name] = reasonOf(error)
      }
    }
    log.info({ refused }, 'no encoder of the hardware works: libx264 converts')
    return null
  }
  return {
    find: () => (found ??= search()),
    dropped: (why) => log.warn({ reason: reasonOf(why) }, 'the hardware failed: libx264 goes on'),
  }
}

/** What ffmpeg said first, where it was ffmpeg. */
function reasonOf(error: unknown): string {
  const cause = error instanceof AppError ? error.cause : undefined
  const said = cause instanceof RunError ? cause.stderr.trim().split('\n')[0] : undefined
  return said || messageOf(error)
}

const RATE = 10
const COUNT = 40
const PICTURE: PicturePlan = {
  ...{ width: 640, height: 360, frameRate: RATE, level: 31, maxBps: 4_000_000 },
  ...{ reorderS: 0, earlyTicks: PICTURE_TIMESCALE / RATE / 2 },
}
/** The second slot begins with a key frame. */
const PLAN: TranscodePlan = {
  ...{ fromS: 0, lengthS: COUNT / RATE, isCutOff: false, picture: PICTURE },
  slots: [
    { index: 0, startS: 0, endS: 2 },
    { index: 1, startS: 2, endS: COUNT / RATE },
  ],
}
const KEYS = [0, 2 * RATE]
const LOOK: SourceLook = {
  ...{ hdr: null, isRgb: false, isFullRange: false, zeroS: 0 },
  colours: { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709' },
}

/** Mean square error of samples: 33 dB. Another picture of the test is as far away as 800. */
const MOST_ERROR = 33

/** Has an encoder encode, and decodes what it made. Throws an error that says what is wrong. */
async function testEncoder(
  tools: SearchDeps['tools'],
  encoder: PictureEncoder,
  signal: AbortSignal,
): Promise<void> {
  const pictures = Array.from({ length: COUNT }, (_, at) => testPicture(at))
  const made: { configuration: Buffer | null; samples: Sample[] } = { configuration: null, samples: [] }
  const source = { path: null, media: { demuxer: 'yuv4mpegpipe' } }
  const work = { plan: PLAN, picture: PICTURE, look: LOOK, encoder }
  await runTranscode(tools, pictureArguments(tools, source, work, 0), {
    listener: {
      configuration: async (bytes) => void (made.configuration = bytes),
      samples: async (samples) => void made.samples.push(...samples),
    },
    extent: { lengthS: PLAN.lengthS, bps: PICTURE.maxBps },
    input: asStream(pictures),
    signal,
  })
  const { configuration, samples } = made
  if (!configuration || samples.length !== COUNT)
    throw new Error(`${samples.length} of ${COUNT} pictures came`)
  if (!KEYS.every((at) => samples[at]?.isSync)) throw new Error('a key frame that was wanted did not come')
  const shown = await decode(tools, configuration, samples, signal)
  const size = pictures[0]?.length ?? 0
  if (shown.length !== COUNT * size) throw new Error('what it made does not decode')
  const isAlike = pictures.every(
    (it, at) => meanSquareError(it, shown.subarray(at * size, (at + 1) * size)) < MOST_ERROR,
  )
  if (!isAlike) throw new Error('what it made is not like the pictures that it was given')
}

/** Grey that goes up and down and moves with every picture: 8 bit 4:2:0. */
function testPicture(at: number): Buffer {
  const { width, height } = PICTURE
  const planes = Buffer.alloc((width * height * 3) / 2, 128)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) planes[y * width + x] = 16 + Math.abs(((x + y + 8 * at) % 400) - 200)
  }
  return planes
}

/** The pictures as YUV4MPEG2. */
function* asStream(pictures: readonly Buffer[]): Generator<Buffer> {
  yield Buffer.from(`YUV4MPEG2 W${PICTURE.width} H${PICTURE.height} F${RATE}:1 Ip A1:1 C420\n`)
  for (const it of pictures) yield Buffer.concat([Buffer.from('FRAME\n'), it])
}

async function decode(
  tools: SearchDeps['tools'],
  configuration: Buffer,
  samples: readonly Sample[],
  signal: AbortSignal,
): Promise<Buffer> {
  const video = encodedPictureFormat(PICTURE, configuration)
  const init = await writeInit({ video, audio: null, videoTimescale: PICTURE_TIMESCALE, reorderS: 0 })
  const fragment = writeFragment(1, [{ id: 1, kind: 'video', samples }])
  const asTheyCome = [tools.hasFpsMode ? '-fps_mode' : '-vsync', 'passthrough']
  const options = ['-map', '0:V:0', ...asTheyCome, '-pix_fmt', 'yuv420p', '-f', 'rawvideo']
  const args = composeFfmpeg({ path: null, demuxer: 'mov' }, { options, target: '-' }, ['-v', 'error'])
  const input = [init.bytes, fragment]
  return runFfmpeg(tools, args, { input, signal, timeoutMs: TEST_TIMEOUT_MS, maxOutputBytes: 1e8 })
}

function meanSquareError(one: Buffer, other: Buffer): number {
  let sum = 0
  for (let at = 0; at < one.length; at++) sum += ((one[at] ?? 0) - (other[at] ?? 0)) ** 2
  return sum / one.length
}
