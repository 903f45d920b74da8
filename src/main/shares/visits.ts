import type { Playback } from '../../shared/api/share.ts'
import { AppError } from '../base/errors.ts'
import type { Subtitle } from '../media/subtitles.ts'
import type { StoredShare } from '../store/shares.ts'
import type { Pass } from './access.ts'
import type { ClipQuery } from './clip.ts'
import type { Guests, SharesDeps } from './deps.ts'
import type { createDoor } from './door.ts'
import type { ShareViews } from './share-views.ts'

/** What the page of a share asks for. All of it comes through the door, with purpose `page`, and throws as that does. */
export interface Visits {
  /**
   * How to play a share, or a clip of it: its addresses open nothing else of the file, and end with the session that they
   * were told in. `passes` is what the visitor has earned. Throws AppError `bad_request` for a clip that cannot be.
   */
  playback(id: string, clip?: ClipQuery, passes?: readonly Pass[]): Promise<Playback>
  /** Counts a viewer once in 30 min; `session` is the random id of a page. */
  countView(id: string, session: string, passes?: readonly Pass[]): void
  /**
   * Begins a session of a share that has a password; its secret id, or null when it has none. `ingress` is the port that
   * the visitor came in by. Throws AppError `password_required` when it is not that one, and as `Guests.isPassword` does.
   */
  unlock(id: string, password: string, ingress: number): Promise<string | null>
}

type VisitDeps = {
  open: ReturnType<typeof createDoor>
  views: Pick<ShareViews, 'fileOf' | 'playback'>
  guests: Pick<Guests, 'isPassword' | 'begin'>
  subtitles: SharesDeps['subtitles']
  /** True for a viewer who has not been counted. */
  isNewView: (shareId: string, session: string) => boolean
  addView: (share: StoredShare) => void
}

/** Makes what pages ask for. */
export function createVisits(deps: VisitDeps): Visits {
  const { open, views } = deps
  return {
    async playback(id, clip = {}, passes = []) {
      const { share, pass } = open(id, 'page', passes)
      const { path, media } = views.fileOf(share)
      const subtitles: Subtitle[] = media ? await deps.subtitles({ path, media }) : []
      return views.playback(share, clip, subtitles, pass?.ref)
    },

    countView(id, session, passes = []) {
      const { share } = open(id, 'page', passes)
      if (!/^[\w-]{8,64}$/.test(session)) throw new AppError('bad_request', '"session" is not a session id.')
      if (deps.isNewView(share.id, session)) deps.addView(share)
    },

    async unlock(id, password, ingress) {
      // All but the password is asked for first, as of somebody who has it.
      const hashNow = (): string | null => open(id, 'page', [{ ref: '', shareId: id }]).share.passwordHash
      const passwordHash = hashNow()
      if (passwordHash === null) return null
      // No password is empty: this only asks, and is not counted as a try.
      if (password === '') throw new AppError('password_required', 'This needs its password.')
      const isRight = await deps.guests.isPassword({ id, passwordHash }, password, ingress)
      // It may have got another one while that was looked at.
      if (!isRight || hashNow() !== passwordHash) {
        throw new AppError('password_required', 'That is not the password.')
      }
      return deps.guests.begin(id)
    },
  }
}
