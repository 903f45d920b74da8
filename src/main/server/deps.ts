import type { Health } from '../../shared/api/system.ts'
import type { EngineEvent } from '../../shared/events.ts'
import type { Auth } from '../auth/auth.ts'
import type { Emitter } from '../base/emitter.ts'
import type { Log } from '../base/log.ts'
import type { JobQueue } from '../jobs/queue.ts'
import type { Library } from '../library/library.ts'
import type { Segments } from '../library/segments.ts'
import type { StorageKeeper } from '../library/storage.ts'
import type { Embedding } from '../shares/embedding.ts'
import type { KeptCopies } from '../shares/kept-copies.ts'
import type { Shares } from '../shares/shares.ts'
import type { Around } from '../streaming/around.ts'
import type { ClipFiles } from '../streaming/clip-files.ts'
import type { Exports } from '../streaming/exports/exports.ts'
import type { Streams } from '../streaming/streams.ts'

/** What the routes of both listeners are made of; each route module picks what it uses. */
export type Deps = Pick<Auth, 'owner' | 'apiKeys' | 'members' | 'invites' | 'signIn' | 'sessions'> & {
  log: Log
  library: Library
  segments: Segments
  shares: Shares
  streams: Streams
  around: Around
  clipFiles: Pick<ClipFiles, 'find'>
  jobs: Pick<JobQueue, 'list' | 'get' | 'cancel'>
  copies: Pick<KeptCopies, 'playable' | 'poster' | 'downloadName'>
  storage: StorageKeeper
  embedding: Embedding
  exports: Pick<Exports, 'begin' | 'result'>
  events: Pick<Emitter<EngineEvent>, 'on'>
  health(): Omit<Health, 'uploads'>
  /** Makes a file's stream servable, as a job where that takes time: for the owner's preview. Throws as `playable`. */
  prepare: (fileId: string) => Promise<void>
  /** Folder of the built renderer (`out/renderer`): manager and share page, with vite's manifest. */
  rendererDir: string
}
