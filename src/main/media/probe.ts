import { stat } from 'node:fs/promises'
import { EncodedPacketSink, type Input, type InputAudioTrack, type InputVideoTrack } from 'mediabunny'
import type { AudioTrackInfo, MediaInfo, VideoTrackInfo } from '../../shared/media.ts'
import { AppError } from '../base/errors.ts'
import { readAviInfo } from './avi-info.ts'
import { bitDepthOf, chromaOf } from './codec-facts.ts'
import { cutOffReason } from './cut-off.ts'
import { dolbyVisionOf } from './dolby-vision.ts'
import { NOTHING_IN_IT, probeWithFfprobe } from './ffprobe-info.ts'
import type { Demuxer } from './demuxers.ts'
import { estimateDurationS } from './frames-duration.ts'
import { MAX_PIXELS } from './ffmpeg.ts'
import { lastTimeS } from './matroska-duration.ts'
import { readPlainFilm, type PlainFacts, type PlainFilm } from './plain-facts.ts'
import { readProgramInfo } from './program-info.ts'
import type { Sniffed } from './sniff.ts'
import { openInput } from './source.ts'
import { openTrackHeaders } from './track-headers.ts'
import { nameTransportCodecs } from './transport-facts.ts'
import { readTransportInfo } from './transport-info.ts'
import type { Tools } from './tools.ts'

/** Longest presentation that is believed: beyond it a header lies (S54). */
const MAX_DURATION_S = 48 * 3600
const MAX_TRACKS = 64
const UNKNOWN = 'unknown'
/** Containers that are nothing but frames: mediabunny would read all of them to tell how long they last. */
const BARE_FRAMES = new Set(['aac', 'mp3'])
/** Packets looked at for the frame rate. */
const RATE_PACKETS = 100

/** Wall time for mediabunny, after which ffprobe has its turn. */
const READ_TIMEOUT_MS = 30_000

/**
 * Reads what a media file is: mediabunny first, in process and without a second file; ffprobe where mediabunny cannot
 * read the container or its content and no reader of ours can. Throws AppError `unsupported_media` with a sentence for the file's owner.
 */
export async function probe(
  path: string,
  sniffed: Sniffed,
  tools: Pick<Tools, 'ffprobe'>,
  signal: AbortSignal,
): Promise<MediaInfo> {
  signal.throwIfAborted()
  const cutOff = sniffed.demuxer === 'mov' ? await cutOffReason(path) : undefined
  if (cutOff) throw new AppError('unsupported_media', cutOff)
  const read = sniffed.mediabunny ? await tryMediabunny(path, sniffed, signal) : undefined
  const media = read
    ? await nameCodecs(read, path, sniffed, tools, signal)
    : await probeOutside(path, sniffed, tools, signal)
  checkLimits(media)
  const { size } = await stat(path)
  const dolbyVision = await dolbyVisionOf(path, media)
  if (media.video && dolbyVision !== null) media.video.dolbyVision = dolbyVision
  return { ...media, bitrate: media.bitrate ?? Math.round((size * 8) / media.durationS) }
}

/** Readers of what people have most of the containers that are ffmpeg's: a process costs as much as fifty readings. */
const OWN_READERS: Readonly<
  Partial<Record<Demuxer, (path: string, sniffed: Sniffed) => Promise<MediaInfo | null>>>
> = { avi: readAviInfo, mpeg: readProgramInfo, mpegts: readTransportInfo }

async function probeOutside(
  path: string,
  sniffed: Sniffed,
  tools: Pick<Tools, 'ffprobe'>,
  signal: AbortSignal,
): Promise<MediaInfo> {
  const own = await OWN_READERS[sniffed.demuxer]?.(path, sniffed)
  if (own) return own
  const media = await probeWithFfprobe(path, sniffed, tools, signal)
  return sniffed.demuxer === 'mpegts' ? nameTransportCodecs(media, path) : media
}

/** Undefined when mediabunny finds nothing in the file or stumbles over it: ffprobe has the last word then. */
async function tryMediabunny(
  path: string,
  sniffed: Sniffed,
  signal: AbortSignal,
): Promise<MediaInfo | undefined> {
  const input = openInput(path)
  const stop = AbortSignal.any([signal, AbortSignal.timeout(READ_TIMEOUT_MS)])
  const onStop = (): void => input.dispose()
  stop.addEventListener('abort', onStop)
  try {
    const film = sniffed.demuxer === 'mov' ? await readPlainFilm(path) : null
    const media =
      (film && (await readHeaders(film, path, sniffed))) ??
      (await readInput(input, path, sniffed, film?.facts ?? null))
    return media.video || media.audio.length > 0 ? media : undefined
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof AppError) throw error
    return undefined
  } finally {
    stop.removeEventListener('abort', onStop)
    input.dispose()
  }
}

/** Reads a plain film from its headers alone; null when a codec tells of itself in its packets only. */
async function readHeaders(film: PlainFilm, path: string, sniffed: Sniffed): Promise<MediaInfo | null> {
  const input = openTrackHeaders(film.headers)
  try {
    const media = await readInput(input, path, sniffed, film.facts)
    const tracks = [...(media.video ? [media.video] : []), ...media.audio]
    return tracks.every((it) => it.codecString !== null || it.codec === UNKNOWN) ? media : null
  } finally {
    input.dispose()
  }
}

/** Has ffprobe name what mediabunny has no name for (MPEG-4 part 2, ALAC, …); the rest stays as it was read. */
async function nameCodecs(
  media: MediaInfo,
  path: string,
  sniffed: Sniffed,
  tools: Pick<Tools, 'ffprobe'>,
  signal: AbortSignal,
): Promise<MediaInfo> {
  const { video, audio } = media
  if (video?.codec !== UNKNOWN && audio.every((it) => it.codec !== UNKNOWN)) return media
  const named = await probeWithFfprobe(path, sniffed, tools, signal)
  const sameTracks = named.audio.length === audio.length
  return {
    ...media,
    video: video && {
      ...video,
      codec: video.codec === UNKNOWN ? (named.video?.codec ?? UNKNOWN) : video.codec,
    },
    audio: audio.map((it, at) => ({
      ...it,
      codec: it.codec === UNKNOWN && sameTracks ? (named.audio[at]?.codec ?? UNKNOWN) : it.codec,
    })),
  }
}

async function readInput(
  input: Input,
  path: string,
  sniffed: Sniffed,
  facts: PlainFacts | null,
): Promise<MediaInfo> {
  if ((await input.getTracks()).length > MAX_TRACKS) throw tooManyTracks()
  const video = await input.getPrimaryVideoTrack()
  const audio = await input.getAudioTracks()
  if (!facts) await assertHasPacket(video ?? audio[0])
  const durationS =
    facts?.durationS ??
    (await input.getDurationFromMetadata()) ??
    (await guessDurationS(path, sniffed, video ?? audio[0])) ??
    (await input.computeDuration())
  const { title } = await input.getMetadataTags()
  return {
    container: sniffed.container,
    demuxer: sniffed.demuxer,
    reader: 'mediabunny',
    durationS,
    bitrate: null,
    video: video && (await readVideo(video, facts)),
    audio: await Promise.all(audio.map(readAudio)),
    title: title ?? null,
  }
}

/** How long a file lasts that does not say so, where mediabunny would read all of it to tell. Null where it would not. */
async function guessDurationS(
  path: string,
  { demuxer }: Sniffed,
  track: InputVideoTrack | InputAudioTrack | undefined,
): Promise<number | null> {
  if (BARE_FRAMES.has(demuxer)) return estimateDurationS(path)
  return track && demuxer === 'matroska' ? lastTimeS(path, await track.getTimeResolution()) : null
}

/** A header can promise what is not there: noise behind the start of a FLAC passes as one, for ffprobe as well. */
async function assertHasPacket(track: InputVideoTrack | InputAudioTrack | undefined): Promise<void> {
  if (!track || (await new EncodedPacketSink(track).getFirstPacket({ metadataOnly: true }))) return
  throw new AppError('unsupported_media', NOTHING_IN_IT)
}

async function readVideo(track: InputVideoTrack, facts: PlainFacts | null): Promise<VideoTrackInfo> {
  const codec = await track.getCodec()
  const config = codec && (await track.getDecoderConfig())
  const codecString = config?.codec ?? null
  return {
    codec: codec ?? UNKNOWN,
    codecString,
    width: await track.getDisplayWidth(),
    height: await track.getDisplayHeight(),
    rotationDeg: await track.getRotation(),
    frameRate: rounded(facts?.frameRate ?? (await frameRateOf(track))),
    bitDepth: bitDepthOf(codecString),
    chroma: chromaOf(codecString),
  }
}

async function frameRateOf(track: InputVideoTrack): Promise<number> {
  const { underlyingFrameRate, bestGuessFrameRate } = await track.computeFrameRateMetrics({
    targetPacketCount: RATE_PACKETS,
  })
  return underlyingFrameRate ?? bestGuessFrameRate
}

async function readAudio(track: InputAudioTrack): Promise<AudioTrackInfo> {
  const codec = await track.getCodec()
  const language = await track.getLanguageCode()
  const disposition = await track.getDisposition()
  return {
    codec: codec ?? UNKNOWN,
    codecString: codec && ((await track.getDecoderConfig())?.codec ?? null),
    sampleRate: await track.getSampleRate(),
    channels: await track.getNumberOfChannels(),
    language: language === 'und' ? null : language,
    name: await track.getName(),
    ...(disposition.default ? { isDefault: true } : {}),
    ...(disposition.commentary ? { isCommentary: true } : {}),
  }
}

/** Frames a second to a thousandth: 29.97, not 29.970029970029973. */
const rounded = (rate: number): number | null =>
  Number.isFinite(rate) ? Math.round(rate * 1000) / 1000 : null

const tooManyTracks = (): AppError =>
  new AppError('unsupported_media', 'The file has more tracks than a film can have.')

function checkLimits(media: MediaInfo): void {
  if (media.audio.length > MAX_TRACKS) throw tooManyTracks()
  if (!Number.isFinite(media.durationS) || media.durationS <= 0) {
    throw new AppError('unsupported_media', 'The file holds no playable time.')
  }
  if (media.durationS > MAX_DURATION_S) {
    throw new AppError('unsupported_media', 'The file claims to be longer than two days.')
  }
  if (media.video && media.video.width * media.video.height > MAX_PIXELS) {
    throw new AppError('unsupported_media', 'The file claims a picture larger than any screen.')
  }
}
