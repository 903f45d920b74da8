import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { AppError, systemCode } from '../../base/errors.ts'
import { composeFfmpeg, runFfmpeg } from '../../media/ffmpeg.ts'
import type { Tools } from '../../media/tools.ts'
import type { PackagedRendition, StreamBody } from '../packager.ts'

/** What a clip became as a file. */
export type ClipFileKind = 'mp4' | 'mp3'

/** Copying takes as long as the disk does; a slow one is given time. */
const TIMEOUT_MS = 6 * 60 * 60 * 1000
/** The index is moved to the front in one go, without a word. */
const SILENCE_MS = 30 * 60 * 1000

/** Bytes of the ID3 tag in front of a segment of Packed Audio: ten, and as many as it says (ID3v2.4 section 3.1). */
const TAG_HEAD_BYTES = 10

type ClipFileRequest = {
  rendition: PackagedRendition
  /** Absolute path; a file that is there is replaced. */
  path: string
  signal: AbortSignal
  progress: (fraction: number) => void
}

/**
 * Writes one file of a clip's rendition: MP4 with its index at the front, nothing hidden by an edit list, or the bare
 * frames of MP3. It gets its name when it is whole. Throws AppError `disk_full`, what making a segment throws, the
 * signal's reason on abort; nothing is left behind then.
 */
export async function writeClipFile(
  tools: Pick<Tools, 'ffmpeg'>,
  request: ClipFileRequest,
): Promise<ClipFileKind> {
  const { rendition, path, signal } = request
  signal.throwIfAborted()
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    const kind = rendition.format === 'mp3' ? 'mp3' : 'mp4'
    if (kind === 'mp3') await writeFrames(temporary, request)
    else await writeMp4(tools, temporary, request)
    signal.throwIfAborted()
    await rename(temporary, path)
    request.progress(1)
    return kind
  } finally {
    await rm(temporary, { force: true })
  }
}

async function writeMp4(tools: Pick<Tools, 'ffmpeg'>, path: string, request: ClipFileRequest): Promise<void> {
  const args = composeFfmpeg(
    { path: null, demuxer: 'mov' },
    {
      options: [
        ...['-map', '0:v?', '-map', '0:a?', '-c', 'copy', '-map_metadata', '-1', '-map_chapters', '-1'],
        // Old versions call Opus and FLAC in MP4 an experiment.
        ...['-strict', 'experimental', '-movflags', '+faststart', '-f', 'mp4', '-y'],
      ],
      target: path,
    },
    ['-v', 'error'],
  )
  let failure: unknown
  async function* input(): AsyncGenerator<Uint8Array> {
    try {
      yield* parts(request)
    } catch (error) {
      failure = error
      throw error
    }
  }
  try {
    await runFfmpeg(tools, args, {
      signal: request.signal,
      input: input(),
      timeoutMs: TIMEOUT_MS,
      silenceMs: SILENCE_MS,
    })
  } catch (error) {
    // What could not be made comes before what ffmpeg says of its input's end.
    throw failure ?? error
  }
}

async function writeFrames(path: string, request: ClipFileRequest): Promise<void> {
  const file = await open(path, 'wx')
  try {
    for await (const part of parts(request)) {
      const bytes = Buffer.from(part.buffer, part.byteOffset, part.byteLength)
      const size = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + bytes.readUInt8(at), 0)
      await file.write(bytes.subarray(TAG_HEAD_BYTES + size))
    }
  } catch (error) {
    if (systemCode(error) !== 'ENOSPC') throw error
    throw new AppError('disk_full', 'The disk is full.', { cause: error })
  } finally {
    await file.close()
  }
}

async function* parts({ rendition, signal, progress }: ClipFileRequest): AsyncGenerator<Uint8Array> {
  const { init, segments } = rendition
  const [first] = segments
  const last = segments.at(-1)
  if (!first || !last) return
  if (init) yield inMemory(await init())
  for (const { index, endS } of segments) {
    yield inMemory(await rendition.segment(index, signal))
    progress(Math.min(0.99, (endS - first.startS) / (last.endS - first.startS)))
  }
}

function inMemory(body: StreamBody): Uint8Array {
  if (!(body instanceof Uint8Array)) throw new Error('a part of a clip is bytes')
  return body
}
