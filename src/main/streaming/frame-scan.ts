import { openFile } from '../media/source.ts'
import type { FramesIndex, MediaIndex, MediaInfo } from '../../shared/media.ts'
import { AppError } from '../base/errors.ts'
import { adtsChannels, adtsRate, audioSpecificConfig, readAdtsHeader } from '../media/adts.ts'
import { id3Length } from '../media/audio-frames.ts'
import { readFlacInfo } from '../media/flac-frames.ts'
import { isMp3Facts, readMp3Header } from '../media/mp3-frames.ts'
import { ScanFault } from '../media/scan-fault.ts'
import type { FileScan } from './file-scan.ts'
import { createFramer } from './framers.ts'
import { TARGET_SEGMENT_S } from './segment-plan.ts'

const VERSION = 'frames-1'

/** What a scan has come to; plain JSON. */
type State = {
  /** Raised when it comes to mean something else. */
  version: typeof VERSION
  position: number
  samples: number
  at: number[]
  firstSamples: number[]
  endAt: number
  passedOver: number
}

/** The containers that are nothing but frames, by ffmpeg's name. */
const FORMATS: Readonly<Record<string, FramesIndex['format']>> = { aac: 'adts', mp3: 'mp3', flac: 'flac' }

/** True for a file that is nothing but frames of sound. */
export const isFramesFile = (media: MediaInfo): boolean =>
  FORMATS[media.demuxer] !== undefined && !media.video && media.audio.length === 1

/** Bytes of a file's start that are looked through for its first frame. */
const HEAD_BYTES = 256 * 1024

/** Bytes without a frame after which a file is no sound file any more; a picture in a tag at the end may be large. */
const LONGEST_NOISE = 16 * 1024 * 1024

/** Bytes passed over between frames, all in all; more of them were sound of another kind, which would be lost. */
const MOST_PASSED_OVER = 64 * 1024

/** A segment is in memory whole; FLAC of eight channels at 192 kHz takes half of it. */
const LARGEST_SEGMENT_BYTES = 32 * 1024 * 1024

type Start = { firstAt: number; facts: Pick<FramesIndex, 'sampleRate' | 'channels' | 'configuration'> }

/**
 * Opens the scan of a file of bare frames (ADTS, MP3, FLAC): where every 4 s begin, and how long it is really. What
 * lies between frames is passed over; `ScanFault` when that is much. Throws AppError `unsupported_media` when there is no
 * frame.
 */
export async function openFrameScan(path: string, media: MediaInfo, saved: unknown): Promise<FileScan> {
  const format = FORMATS[media.demuxer] ?? 'adts'
  const start = await findStart(path, format)
  if (!start) throw noFrames()
  const state: State = isState(saved) ? saved : newState(start)
  return createFrameScan(state, format, start)
}

const newState = ({ firstAt }: Start): State => ({
  ...{
    version: VERSION,
    position: firstAt,
    samples: 0,
    at: [],
    firstSamples: [],
    endAt: firstAt,
    passedOver: 0,
  },
})

const isState = (saved: unknown): saved is State =>
  typeof saved === 'object' && saved !== null && 'version' in saved && saved.version === VERSION

const noFrames = (): AppError =>
  new AppError('unsupported_media', 'No sound was found in this file; it may be damaged.')

function createFrameScan(state: State, format: FramesIndex['format'], { facts }: Start): FileScan {
  const framer = createFramer(format)
  const { sampleRate } = facts
  return {
    get position() {
      return state.position
    },
    take(bytes, isLast) {
      let at = 0
      while (at < bytes.length) {
        const frame = framer(bytes, at, isLast)
        if (frame === 'more') break
        if (frame === null) {
          at += 1
          if (state.position + at - state.endAt > LONGEST_NOISE) throw noFrames()
          continue
        }
        state.passedOver += state.position + at - state.endAt
        if (state.passedOver > MOST_PASSED_OVER) throw new ScanFault('there is something between the frames')
        if (state.samples / sampleRate >= state.at.length * TARGET_SEGMENT_S) {
          state.at.push(state.position + at)
          state.firstSamples.push(state.samples)
        }
        at += frame.bytes
        const segmentAt = state.at.at(-1) ?? 0
        if (state.position + at - segmentAt > LARGEST_SEGMENT_BYTES) throw new ScanFault('4 s are too large')
        state.samples += frame.samples
        state.endAt = state.position + at
      }
      // A frame that fills all that was read has no end.
      if (at === 0) throw noFrames()
      state.position += isLast ? bytes.length : at
    },
    save: () => state,
    finish() {
      if (state.samples === 0) throw noFrames()
      const { at, firstSamples, endAt } = state
      return indexOf({ kind: 'frames', format, ...facts, at, firstSamples, endAt }, state.samples)
    },
  }
}

const indexOf = (scan: FramesIndex, samples: number): MediaIndex => ({
  ...{ keyTimesS: [], openGop: false, startS: 0, endS: samples / scan.sampleRate },
  ...{ reorderS: 0, videoTimescale: 0, scan },
})

/** The first frame of sound, behind tags and what an encoder says of the file, and how it is decoded. */
async function findStart(path: string, format: FramesIndex['format']): Promise<Start | null> {
  const file = await openFile(path)
  try {
    const head = Buffer.alloc(HEAD_BYTES)
    let tagsEnd = 0
    for (;;) {
      const { bytesRead } = await file.read(head, 0, HEAD_BYTES, tagsEnd)
      const tag = id3Length(head.subarray(0, bytesRead))
      if (tag === 0) break
      tagsEnd += tag
    }
    if (format === 'flac') {
      const info = await readFlacInfo(file, tagsEnd)
      return (
        info && {
          firstAt: info.headBytes,
          facts: {
            ...{ sampleRate: info.sampleRate, channels: info.channels },
            configuration: Buffer.concat([FLAC_HEAD, info.streamInfo]).toString('base64'),
          },
        }
      )
    }
    const found = format === 'adts' ? adtsStart(head) : mp3Start(head)
    return found && { ...found, firstAt: tagsEnd + found.firstAt }
  } finally {
    await file.close()
  }
}

/** `fLaC` and the header of the one block that follows (WebCodecs' FLAC registration). */
const FLAC_HEAD = Buffer.from([0x66, 0x4c, 0x61, 0x43, 0x80, 0, 0, 34])

function adtsStart(head: Buffer): Start | null {
  for (let firstAt = 0; firstAt < head.length; firstAt++) {
    const header = readAdtsHeader(head, firstAt)
    if (!header || !readAdtsHeader(head, firstAt + header.frameBytes)) continue
    const configuration = audioSpecificConfig(header).toString('base64')
    return { firstAt, facts: { sampleRate: adtsRate(header), channels: adtsChannels(header), configuration } }
  }
  return null
}

function mp3Start(head: Buffer): Start | null {
  for (let firstAt = 0; firstAt < head.length; firstAt++) {
    const header = readMp3Header(head, firstAt)
    if (!header || !readMp3Header(head, firstAt + header.frameBytes)) continue
    const { sampleRate, channels } = header
    const skipped = isMp3Facts(head, firstAt, header) ? header.frameBytes : 0
    return { firstAt: firstAt + skipped, facts: { sampleRate, channels, configuration: '' } }
  }
  return null
}
