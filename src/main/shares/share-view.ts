import { parse } from 'node:path'
import type { Playback, Reach, Rendition, Share } from '../../shared/api/share.ts'
import { streamedSounds } from '../media/sounds.ts'
import type { StoredFile } from '../store/files.ts'
import type { StoredShare } from '../store/shares.ts'
import type { MediaPaths } from './links.ts'

/** The addresses of the share listener there are now, best first. At least one. */
export type Base = { reach: Reach; url: string }

/** A share's title: its own, else the file name without extension. */
const titleOf = (share: StoredShare, file: StoredFile): string => share.title ?? parse(file.filename).name

/** What a Share is shown with beside its rows. */
type ShownWith = {
  paths: MediaPaths
  /** 0..1 of the preparing that runs. */
  progress: number | undefined
  bases: readonly Base[]
  /** The one of `bases` that the URLs stand on. */
  base: Base
}

/** The API's Share of a row; URLs stand on `base`, `links` names all of `bases`. */
export function toShare(
  share: StoredShare,
  file: StoredFile,
  { paths, progress, bases, base }: ShownWith,
): Share {
  const page = (url: string): string => `${url}/share/${share.id}`
  return {
    id: share.id,
    object: 'share',
    file_id: share.fileId,
    asset_type: 'file',
    title: titleOf(share, file),
    ...(share.description === null ? {} : { description: share.description }),
    ...(share.metadata === null ? {} : { metadata: share.metadata }),
    visibility: share.visibility,
    link_preview: share.linkPreview,
    status: share.status,
    ...(share.status === 'processing' ? { progress: progress ?? 0 } : {}),
    ...(share.failure === null ? {} : { failure: share.failure }),
    ...(file.poster === 'made' ? { preview_url: `${base.url}${paths.poster}` } : {}),
    share_url: page(base.url),
    links: bases.map(({ reach, url }) => ({ reach, url: page(url) })),
    ...(share.status === 'completed'
      ? {
          stream_url: `${base.url}${paths.stream}`,
          media_download_url: `${base.url}${paths.download}`,
        }
      : {}),
    media_download_expires_at: share.status === 'completed' ? paths.downloadExpiresAt : null,
    ...(file.media ? { duration_seconds: file.media.durationS } : {}),
    view_count: share.viewCount,
    ...(share.expiresAt === null ? {} : { expires_at: share.expiresAt }),
    password_protected: false,
    keep_copy: false,
    created_at: share.createdAt,
  }
}

/** The page's playback facts of a row; URLs are paths, good on whatever address the page came by. */
export function toPlayback(
  share: StoredShare,
  file: StoredFile,
  paths: MediaPaths,
  progress: number | undefined,
): Playback {
  const { video } = file.media ?? {}
  return {
    status: share.status,
    ...(share.status === 'processing' ? { progress: progress ?? 0 } : {}),
    ...(share.failure === null ? {} : { failure: share.failure }),
    ...(file.mediaType === null ? {} : { media_type: file.mediaType }),
    ...(video ? { width: video.width, height: video.height } : {}),
    ...(file.media ? { duration_seconds: file.media.durationS } : {}),
    ...(share.status === 'completed'
      ? {
          stream_url: paths.stream,
          ...renditionsOf(file),
          download_url: paths.download,
          download_bytes: file.bytes,
        }
      : {}),
    ...(file.poster === 'made' ? { poster_url: paths.poster } : {}),
  }
}

/** The tracks to choose from, when there are several. */
function renditionsOf({ media, packager }: StoredFile): { renditions?: Rendition[] } {
  const sounds = media && packager === 'remux' ? streamedSounds(media) : []
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
