import type { ListOf } from '../../shared/api/common.ts'
import type {
  CreateShare,
  GetShare,
  ListShares,
  Playback,
  Share,
  UpdateShare,
} from '../../shared/api/share.ts'
import type { Purpose } from './token.ts'

/** A share that `access` let through: what a media or page route may use of it. */
export type OpenedShare = { id: string; fileId: string; title: string; share: Share }

/** What the share page may show of a share that exists and that its viewer may see. */
export type SharePage = { share: Share; playback: Playback; path: { share: string; stream: string } }

/** Links to files. Ids that are unknown or malformed throw AppError `not_found`. */
export interface Shares {
  create(body: CreateShare): Promise<Share>
  get(id: string, query: GetShare): Share
  list(query: ListShares): ListOf<Share>
  update(id: string, body: UpdateShare): Share
  remove(id: string): void
  /** Brings back what was deleted within 30 s. Throws `not_found` later, `conflict` when the pair was taken. */
  restore(id: string): Share

  /**
   * Opens a share by what a URL carries: a signed token, or the bare id of a public one. The one door to bytes and
   * metadata of a share: verifies the HMAC, reads the row, asks `access`. Throws in the order of API.md: `forbidden`
   * (malformed or badly signed), `not_found` (deleted), `forbidden` (expired, other purpose), `sign_in_required`
   * (bare id of a private one), `expired`.
   */
  open(token: string, purpose: Purpose): OpenedShare
  /** Playback facts of a share for its page; same door with purpose `page`. */
  playback(id: string): Playback
  /** Counts a viewer once in 30 min; `session` is the random id of a page. */
  countView(id: string, session: string): void
  /** Tells shares that a file finished (or failed) being read: pending ones go on. */
  fileSettled(fileId: string): void
  /** Takes up preparing that a stop interrupted. */
  start(): void
  close(): Promise<void>
}
