import type { Metadata } from '../../shared/api/common.ts'
import type { CreateShare, UpdateShare, Visibility } from '../../shared/api/share.ts'
import { AppError } from '../base/errors.ts'
import type { StoredFile } from '../store/files.ts'

/** How long a deleted share can be brought back, in ms. */
export const MAX_UNDO_MS = 30_000
/** Most bytes of a share's `metadata` as JSON. */
const MAX_METADATA_BYTES = 64 * 1024

/** Refuses a new share that asks for what there is not, or cannot be. `now` in Unix ms. Throws AppError. */
export function checkCreation(body: CreateShare, now: number): void {
  if (body.expires_at !== undefined && body.expires_at <= now) {
    throw new AppError('bad_request', '"expires_at" lies in the past.')
  }
  checkEditable(body, body.visibility ?? 'public')
}

/** Refuses to share a file that cannot be played, now or once it has been read. Throws AppError. */
export function checkFile({ status, failure, packager, deliveryReason, missing }: StoredFile): void {
  if (status === 'failed') {
    throw new AppError('unsupported_media', failure?.message ?? 'This file cannot be read.')
  }
  if (status === 'completed' && packager === null) {
    throw new AppError('unsupported_media', deliveryReason ?? 'This file cannot be played in a browser yet.')
  }
  if (status !== 'completed' && missing) {
    throw new AppError('file_missing', 'The file is no longer on the disk.')
  }
}

/** Refuses changes of a share that cannot be made. Throws AppError. */
export function checkChanges(body: UpdateShare, visibility: Visibility): void {
  if (body.visibility !== undefined && body.visibility !== visibility) {
    throw new AppError(
      'bad_request',
      'The visibility of a share cannot be changed; make another share instead.',
    )
  }
  checkEditable(body, visibility)
}

function checkEditable(
  body: { metadata?: Metadata; password?: string | null },
  visibility: Visibility,
): void {
  if (typeof body.password === 'string' && visibility === 'private') {
    throw new AppError('bad_request', 'A private share has no password: its members sign in.')
  }
  if (body.metadata && Buffer.byteLength(JSON.stringify(body.metadata)) > MAX_METADATA_BYTES) {
    throw new AppError('bad_request', '"metadata" is larger than 64 KiB.')
  }
}
