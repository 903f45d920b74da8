import { randomUUID } from 'node:crypto'
import type { StoredFile } from './files.ts'
import type { StoredShare } from './shares.ts'

/** A file row for tests: read, playable, two minutes of H.264. Override what the test is about. */
export const aFile = (over: Partial<StoredFile> = {}): StoredFile => ({
  id: randomUUID(),
  path: `/media/${randomUUID()}.mp4`,
  folderId: null,
  source: 'local',
  filename: 'Ridge walk.mp4',
  bytes: 1234,
  mtimeMs: 1_700_000_000_000.25,
  inode: '18446744073709551615',
  fingerprint: 'f1',
  status: 'completed',
  failure: null,
  metadata: null,
  mediaType: 'video',
  media: {
    container: 'MP4',
    demuxer: 'mov',
    reader: 'mediabunny',
    durationS: 120,
    bitrate: 2_000_000,
    video: {
      codec: 'avc',
      codecString: 'avc1.64001f',
      width: 1280,
      height: 720,
      rotationDeg: 0,
      frameRate: 30,
      bitDepth: 8,
      chroma: '4:2:0',
    },
    audio: [
      { codec: 'aac', codecString: 'mp4a.40.2', sampleRate: 48_000, channels: 2, language: null, name: null },
    ],
    title: null,
  },
  delivery: 'remux',
  deliveryReason: null,
  packager: 'remux',
  poster: 'none',
  missing: false,
  createdAt: 1_700_000_000_000,
  ...over,
})

/** A share row for tests: public and completed. */
export const aShare = (fileId: string, over: Partial<StoredShare> = {}): StoredShare => ({
  id: randomUUID(),
  fileId,
  fileSegmentId: null,
  title: null,
  description: null,
  metadata: null,
  visibility: 'public',
  linkPreview: 'none',
  status: 'completed',
  failure: null,
  viewCount: 0,
  expiresAt: null,
  passwordHash: null,
  createdAt: 1_700_000_000_000,
  keepCopy: false,
  keptKey: null,
  deletedAt: null,
  ...over,
})
