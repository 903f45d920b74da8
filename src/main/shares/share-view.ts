import { parse } from 'node:path'
import type { Playback, Reach, Rendition, Share } from '../../shared/api/share.ts'
import { chaptersIn } from '../media/chapters.ts'
import type { CanDecode } from '../media/decoding.ts'
import { soundsOfFile } from '../media/sounds.ts'
import type { Subtitle } from '../media/subtitles.ts'
import type { StoredFile } from '../store/files.ts'
import type { StoredSegment } from '../store/segments.ts'
import type { StoredShare } from '../store/shares.ts'
import type { MediaPaths } from './links.ts'
import type { Window } from './token.ts'

/** The addresses of the share listener there are now, best first. At least one. */
export type Base = { reach: Reach; url: string }

/** What a share is of: a file, or a segment of one. */
export type Asset = { file: StoredFile; segment: StoredSegment | null }

/** A share's title: its own, else the segment's name, else the file name without extension. */
export function titleOf(share: StoredShare, { file, segment }: Asset): string {
  const name = segment?.metadata?.['name']
  const isNamed = typeof name === 'string' && name !== ''
  return share.title ?? (isNamed ? name : parse(file.filename).name)
}

/** A picture of a part of a film is made when it is asked for, one of all of it is there or not. */
export const hasPicture = ({ media, poster }: StoredFile, window: Window | null): boolean =>
  window && media?.video ? true : poster === 'made'

/** Seconds of what is shown; undefined until the file has been read. */
export const durationOf = ({ media }: StoredFile, window: Window | null): number | undefined =>
  window ? window.endS - window.startS : media?.durationS

/** What a Share is shown with beside its rows. */
type ShownWith = {
  paths: MediaPaths
  /** The stretch of the file that the addresses lead to; null for all of it. */
  window: Window | null
  /** 0..1 of the preparing that runs. */
  progress: number | undefined
  bases: readonly Base[]
  /** The one of `bases` that the URLs stand on. */
  base: Base
}

/** The API's Share of a row; URLs stand on `base`, `links` names all of `bases`. */
export function toShare(
  share: StoredShare,
  asset: Asset,
  { paths, window, progress, bases, base }: ShownWith,
): Share {
  const { file } = asset
  const durationS = durationOf(file, window)
  const page = (url: string): string => `${url}/share/${share.id}`
  return {
    id: share.id,
    object: 'share',
    file_id: share.fileId,
    ...(share.fileSegmentId === null ? {} : { file_segment_id: share.fileSegmentId }),
    asset_type: share.fileSegmentId === null ? 'file' : 'file_segment',
    title: titleOf(share, asset),
    ...(share.description === null ? {} : { description: share.description }),
    ...(share.metadata === null ? {} : { metadata: share.metadata }),
    visibility: share.visibility,
    link_preview: share.linkPreview,
    status: share.status,
    ...(share.status === 'processing' ? { progress: progress ?? 0 } : {}),
    ...(share.failure === null ? {} : { failure: share.failure }),
    ...(hasPicture(file, window) ? { preview_url: `${base.url}${paths.poster}` } : {}),
    share_url: page(base.url),
    links: bases.map(({ reach, url }) => ({ reach, url: page(url) })),
    ...(share.status === 'completed'
      ? {
          stream_url: `${base.url}${paths.stream}`,
          media_download_url: `${base.url}${paths.download}`,
        }
      : {}),
    media_download_expires_at: share.status === 'completed' ? paths.downloadExpiresAt : null,
    ...(durationS === undefined ? {} : { duration_seconds: durationS }),
    view_count: share.viewCount,
    ...(share.expiresAt === null ? {} : { expires_at: share.expiresAt }),
    password_protected: share.passwordHash !== null,
    keep_copy: share.keepCopy,
    created_at: share.createdAt,
  }
}

/** The page's playback facts of a row; URLs are paths, good on whatever address the page came by. */
export function toPlayback(
  share: StoredShare,
  file: StoredFile,
  {
    paths,
    window,
    progress,
    subtitles,
  }: Pick<ShownWith, 'paths' | 'window' | 'progress'> & { subtitles: readonly Subtitle[] },
  canDecode: CanDecode,
): Playback {
  const durationS = durationOf(file, window)
  const { video } = file.media ?? {}
  return {
    status: share.status,
    ...(share.status === 'processing' ? { progress: progress ?? 0 } : {}),
    ...(share.failure === null ? {} : { failure: share.failure }),
    ...(file.mediaType === null ? {} : { media_type: file.mediaType }),
    ...(video ? { width: video.width, height: video.height } : {}),
    ...(durationS === undefined ? {} : { duration_seconds: durationS }),
    ...(share.status === 'completed' || isConverted(share, file)
      ? {
          stream_url: paths.stream,
          ...renditionsOf(file, canDecode),
          ...aroundOf(file, { paths, window, subtitles }),
          ...(paths.streamExpiresAt === null ? {} : { expires_at: paths.streamExpiresAt }),
        }
      : {}),
    ...(share.status === 'completed'
      ? {
          download_url: paths.download,
          // A clip is put together when it is fetched.
          ...(window ? {} : { download_bytes: file.bytes }),
        }
      : {}),
    ...(hasPicture(file, window) ? { poster_url: paths.poster } : {}),
  }
}

/** What is around the picture. */
function aroundOf(
  { media }: StoredFile,
  { paths, window, subtitles }: { paths: MediaPaths; window: Window | null; subtitles: readonly Subtitle[] },
): Partial<Playback> {
  const chapters = chaptersIn(media?.chapters ?? [], window)
  const texts = subtitles.filter((it) => it.isText)
  const beside = (name: string): string => paths.stream.replace('main.m3u8', name)
  return {
    ...(texts.length > 0
      ? {
          subtitles: texts.map(({ index, name, language, isForced }) => ({
            ...{ name, forced: isForced, url: beside(`s${index}/0.vtt`) },
            ...(language === null ? {} : { language }),
          })),
        }
      : {}),
    ...(chapters.length > 0
      ? {
          chapters: chapters.map(({ startS, endS, title }) => ({
            start_time: startS,
            end_time: endS,
            title,
          })),
        }
      : {}),
    ...(media?.video ? { storyboard_url: beside('storyboard.vtt') } : {}),
    ...(media && media.audio.length > 0 ? { waveform_url: beside('waveform.json') } : {}),
  }
}

/** What is converted plays while that goes on; what is packaged does not, and all else is ready from the start. */
const isConverted = ({ status }: StoredShare, { packager }: StoredFile): boolean =>
  status === 'processing' && packager !== null && packager !== 'packaged'

/** The tracks to choose from, when there are several. */
function renditionsOf({ media, packager }: StoredFile, canDecode: CanDecode): { renditions?: Rendition[] } {
  const sounds = media ? soundsOfFile(media, packager, canDecode).filter((it) => it.isStreamed) : []
  if (sounds.length < 2) return {}
  return {
    renditions: sounds.map(({ language, name, isDefault }) => ({
      kind: 'audio',
      ...(language === null ? {} : { language }),
      name,
      default: isDefault,
    })),
  }
}
