import type { MediaInfo } from '../../shared/media.ts'
import type { EngineEvent } from '../../shared/events.ts'
import type { Log } from '../base/log.ts'
import type { CanDecode } from '../media/decoding.ts'
import type { Subtitle } from '../media/subtitles.ts'
import type { Store } from '../store/store.ts'
import type { KeptCopies } from './kept-copies.ts'
import type { Pass } from './access.ts'
import type { OpenedShare } from './opened-share.ts'
import type { Wanted } from './readiness.ts'
import type { Base } from './share-view.ts'
import type { Window } from './token.ts'

/** What shares ask about those who come by more than an id. */
export type Guests = {
  /** The living session of that name. */
  passOf: (ref: string) => Pass | undefined
  hashPassword: (password: string) => Promise<string>
  /** Looks at a try of a share's password by the port `ingress`. Throws AppError `too_many_requests`, `busy`. */
  isPassword: (share: LockedShare, password: string, ingress: number) => Promise<boolean>
  /** Begins a session of a share; its secret id. */
  begin: (shareId: string) => string
  /** Ends all sessions of a share. */
  lock: (shareId: string) => void
}
type LockedShare = { id: string; passwordHash: string }

/** Makes the small films of cards; throws AppError for what gets none. */
export type CardFilms = {
  /** Where a film lies; null while there is none. */
  find: (opened: OpenedShare) => Promise<string | null>
  make: (opened: OpenedShare, signal: AbortSignal) => Promise<string>
}

/** What shares are made of. */
export type SharesDeps = {
  store: Pick<Store, 'shares' | 'transaction'> & {
    files: Pick<Store['files'], 'byId'>
    segments: Pick<Store['segments'], 'byId'>
  }
  /** Key of all tokens. */
  secret: Uint8Array
  /** Addresses of the share listener, best first. */
  bases: () => readonly [Base, ...Base[]]
  /** Checks that the source of a file is there and as it was read; throws `file_missing`. */
  checkSource: (fileId: string) => Promise<unknown>
  /** All subtitles in a film and beside it. */
  subtitles: (film: { path: string; media: MediaInfo }) => Promise<Subtitle[]>
  /** True when nothing of the stream of a file, or of a part of it, is left to prepare. */
  isReady: (fileId: string, window: Window | null) => Promise<boolean>
  /** Makes it so, for as long as somebody wants it; see `Preparing`. */
  prepare: (wanted: Wanted, signal: AbortSignal, progress: (fraction: number) => void) => Promise<void>
  copies: Pick<KeptCopies, 'assertRoom' | 'keep' | 'find' | 'sweep'>
  canDecode: CanDecode
  cardFilms: CardFilms
  guests: Guests
  emit: (event: EngineEvent) => void
  log: Log
  now?: () => number
}
