import type { AudioTrack, File } from '../../shared/api/file.ts'
import type { VideoTrackInfo } from '../../shared/media.ts'
import type { CanDecode } from '../media/decoding.ts'
import { soundsOfFile, type Sound } from '../media/sounds.ts'
import type { StoredFile } from '../store/files.ts'

const VIDEO_NAMES: Readonly<Record<string, string>> = {
  avc: 'H.264',
  hevc: 'HEVC',
  vp8: 'VP8',
  vp9: 'VP9',
  av1: 'AV1',
  mpeg2video: 'MPEG-2',
  mpeg4: 'MPEG-4',
  prores: 'ProRes',
  mjpeg: 'Motion JPEG',
}
const AUDIO_NAMES: Readonly<Record<string, string>> = {
  aac: 'AAC',
  ac3: 'AC-3',
  eac3: 'E-AC-3',
  opus: 'Opus',
  vorbis: 'Vorbis',
  mp3: 'MP3',
  flac: 'FLAC',
  alac: 'ALAC',
}

/** A codec as people write it: `H.264`, `HEVC 10-bit`. */
function videoName({ codec, bitDepth }: VideoTrackInfo): string {
  const name = VIDEO_NAMES[codec] ?? codec.toUpperCase()
  return bitDepth !== null && bitDepth > 8 ? `${name} ${bitDepth}-bit` : name
}

const audioName = (codec: string): string =>
  AUDIO_NAMES[codec] ?? (codec.startsWith('pcm') ? 'PCM' : codec.toUpperCase())

const toAudioTrack = ({ name, language, track, isDefault, isStreamed }: Sound): AudioTrack => ({
  name,
  ...(language === null ? {} : { language }),
  codec: audioName(track.codec),
  channels: track.channels,
  default: isDefault,
  streamed: isStreamed,
})

/** True when a stream of the file can be made here. */
export const isPlayable = (file: StoredFile): boolean =>
  file.status === 'completed' && file.packager !== null && !file.missing

/** The API's File of a row. `privateUrl` is the base of the private listener. */
export function toFile(
  file: StoredFile,
  { privateUrl, canDecode }: { privateUrl: string; canDecode: CanDecode },
): File {
  const { media } = file
  const sounds = media ? soundsOfFile(media, file.packager, canDecode) : []
  const audio = sounds.find((it) => it.isDefault)?.track
  const hasAudio = media ? media.audio.length > 0 : null
  const common = {
    duration_seconds: media?.durationS ?? null,
    width: media?.video?.width ?? null,
    height: media?.video?.height ?? null,
    format: media?.container ?? null,
    has_audio: hasAudio,
  }
  return {
    id: file.id,
    object: 'file',
    status: file.status,
    ...(file.failure === null ? {} : { failure: file.failure }),
    uri: `matinee://files/${file.id}`,
    filename: file.filename,
    bytes: file.bytes,
    created_at: file.createdAt,
    metadata: file.metadata,
    ...(file.mediaType === null ? {} : { media_type: file.mediaType }),
    media_info: {
      ...common,
      sample_rate: audio?.sampleRate ?? null,
      channels: audio?.channels ?? null,
      bitrate: media?.bitrate ?? null,
      audio_tracks: sounds.map(toAudioTrack),
    },
    video_info: common,
    ...(file.poster === 'made'
      ? { thumbnail_url: `${privateUrl}/v1/files/${file.id}/thumbnails/poster.jpg` }
      : {}),
    source: file.source,
    path: file.path,
    ...(file.folderId === null ? {} : { folder_id: file.folderId }),
    missing: file.missing,
    ...(media?.video ? { video_codec: videoName(media.video) } : {}),
    ...(audio ? { audio_codec: audioName(audio.codec) } : {}),
    ...(media?.video?.frameRate ? { frame_rate: media.video.frameRate } : {}),
    ...(file.delivery === null ? {} : { delivery: file.delivery }),
    ...(file.deliveryReason === null ? {} : { delivery_reason: file.deliveryReason }),
    playable: isPlayable(file),
  }
}
