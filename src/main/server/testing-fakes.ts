import { createHash, randomUUID } from 'node:crypto'
import { realpathSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import type { File } from '../../shared/api/file.ts'
import type { MediaInfo } from '../../shared/media.ts'
import { AppError } from '../base/errors.ts'
import type { Library } from '../library/library.ts'
import type { Playable } from '../media/playable.ts'
import type { StoredFile } from '../store/files.ts'
import type { Store } from '../store/store.ts'
import { dateRange } from '../base/dates.ts'
import type { Streams } from '../streaming/streams.ts'

const MEDIA: MediaInfo = {
  container: 'MP4',
  demuxer: 'mov',
  reader: 'mediabunny',
  durationS: 8,
  bitrate: 1000,
  video: null,
  audio: [],
  title: null,
}

export function fakeLibrary(store: Store, privateUrl: () => string): Library {
  const row = (id: string): StoredFile => {
    const it = store.files.byId(id)
    if (!it) throw new AppError('not_found', 'There is no such file.')
    return it
  }
  const check = (it: StoredFile) => {
    try {
      if (statSync(it.path).size === it.bytes) return
    } catch {
      /* gone */
    }
    throw new AppError('file_missing', 'The file is no longer on the disk.')
  }
  const toFile = (it: StoredFile): File => ({
    id: it.id,
    object: 'file',
    status: it.status,
    uri: `matinee://files/${it.id}`,
    filename: it.filename,
    bytes: it.bytes,
    created_at: it.createdAt,
    metadata: it.metadata,
    media_type: 'video',
    media_info: {
      duration_seconds: 8,
      width: null,
      height: null,
      sample_rate: null,
      channels: null,
      bitrate: null,
      format: null,
      has_audio: false,
    },
    video_info: { duration_seconds: 8, width: null, height: null, format: null, has_audio: false },
    thumbnail_url: `${privateUrl()}/v1/files/${it.id}/thumbnails/poster.jpg`,
    source: 'local',
    path: it.path,
    missing: false,
    playable: true,
  })
  return {
    async register({ path, metadata }) {
      const real = realpathSync(path)
      const known = store.files.byPath(real)
      if (known) return toFile(known)
      const stats = statSync(real)
      const it: StoredFile = {
        id: randomUUID(),
        path: real,
        folderId: null,
        source: 'local',
        filename: basename(real),
        bytes: stats.size,
        mtimeMs: stats.mtimeMs,
        inode: String(stats.ino),
        fingerprint: createHash('sha256').update(real).digest('hex'),
        status: 'completed',
        failure: null,
        metadata: metadata ?? null,
        mediaType: 'video',
        media: MEDIA,
        delivery: 'remux',
        deliveryReason: null,
        packager: 'remux',
        poster: 'made',
        missing: false,
        createdAt: Date.now(),
      }
      store.files.insert(it)
      return toFile(it)
    },
    get: (id) => toFile(row(id)),
    list(query) {
      const { files, total } = store.files.list({
        ...query,
        ...dateRange(query.created_after, query.created_before),
        nameContains: query.q,
      })
      return { object: 'list', data: files.map(toFile), total, limit: query.limit, offset: query.offset }
    },
    update(id, body) {
      store.files.update({
        ...row(id),
        ...(body.filename ? { filename: body.filename } : {}),
        ...(body.metadata ? { metadata: body.metadata } : {}),
      })
      return toFile(row(id))
    },
    remove(id) {
      row(id)
      store.files.remove(id)
    },
    thumbnails: (id, query) => {
      row(id)
      return { object: 'list', data: [], total: 0, limit: query.limit, offset: query.offset }
    },
    poster: async (id) => row(id).path,
    addFolder: async () => {
      throw new AppError('not_found', 'no folder')
    },
    folders: () => [],
    folder: () => {
      throw new AppError('not_found', 'There is no such folder.')
    },
    removeFolder: () => {
      throw new AppError('not_found', 'There is no such folder.')
    },
    rescan: async () => {
      throw new AppError('not_found', 'There is no such folder.')
    },
    async playable(id) {
      const it = row(id)
      check(it)
      return {
        fingerprint: it.fingerprint ?? '',
        path: it.path,
        identity: { bytes: it.bytes, mtimeMs: it.mtimeMs, inode: it.inode },
        media: MEDIA,
        index: { keyTimesS: [], openGop: false, startS: 0, endS: 8, reorderS: 0, videoTimescale: 0 },
        packager: 'remux',
      } satisfies Playable
    },
    async sourceFile(id) {
      const it = row(id)
      check(it)
      return { path: it.path, bytes: it.bytes, mtimeMs: it.mtimeMs, inode: it.inode, filename: it.filename }
    },
    start: async () => undefined,
    close: async () => undefined,
  }
}

export function fakeStreams(): Streams {
  const rendition = (it: string) => {
    if (it !== '0') throw new AppError('not_found', 'There is no such rendition.')
  }
  return {
    mainPlaylist: async () => '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\n0/media.m3u8\n',
    async mediaPlaylist(_p, r) {
      rendition(r)
      return '#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:4\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:4,\n0.m4s\n#EXTINF:4,\n1.m4s\n#EXT-X-ENDLIST\n'
    },
    async init(_p, r) {
      rendition(r)
      return Buffer.alloc(700, 1)
    },
    async segment(_p, r, index) {
      rendition(r)
      if (index > 1) throw new AppError('not_found', 'There is no such segment.')
      return Buffer.from(Array.from({ length: 30_000 }, (_, i) => (i + index) % 251))
    },
    isReady: async () => true,
    prepare: async () => undefined,
    close: async () => undefined,
  }
}
