import type { Share } from '../../shared/api/share.ts'
import type { Window } from './token.ts'

/** A share that `access` let through: what a media or page route may use of it. */
export type OpenedShare = {
  fileId: string
  /** Not for everyone: what is sent of it is kept by nobody. */
  guarded: boolean
  /** The stretch of the file that may be given out, and nothing else of it; null for all of it. */
  window: Window | null
  /** As the API shows it; worked out when it is asked for, which no segment does. */
  readonly share: Share
  /** The copy that all of it comes from, and the part of the file that it is of; null: from the file itself. */
  copy: { key: string; own: Window | null } | null
}
