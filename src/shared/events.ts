import type { File } from './api/file.ts'
import type { Folder } from './api/folder.ts'
import type { Job } from './api/job.ts'
import type { Invite, Member } from './api/member.ts'
import type { FileSegment, Segmentation } from './api/segment.ts'
import type { Share } from './api/share.ts'

/** What `GET /v1/events` reports: the new state of one object, or that it is gone. */
export type EngineEvent =
  | { type: 'file.updated'; file: File }
  | { type: 'file.deleted'; id: string }
  | { type: 'folder.updated'; folder: Folder }
  | { type: 'folder.deleted'; id: string }
  | { type: 'share.updated'; share: Share }
  | { type: 'share.deleted'; id: string }
  | { type: 'job.updated'; job: Job }
  | { type: 'member.updated'; member: Member }
  | { type: 'member.deleted'; id: string }
  | { type: 'invite.updated'; invite: Invite }
  | { type: 'invite.deleted'; id: string }
  | { type: 'segment.updated'; segment: FileSegment }
  | { type: 'segment.deleted'; id: string; file_id: string }
  | { type: 'segmentation.updated'; segmentation: Segmentation }
  | { type: 'segmentation.deleted'; id: string; file_id: string }
