import { randomBytes } from 'node:crypto'
import type { SessionOf, StoredViewerSession } from '../store/viewer-sessions.ts'
import type { Store } from '../store/store.ts'
import { hashOf, newSecret } from './secrets.ts'

/** A living session of somebody who looks at shares: a member's, or one of a share that was unlocked. */
export type ViewerSession = { ref: string } & SessionOf

/** Sessions of share pages. They outlive a restart, as hashes in the store, and end 30 days after their last use. */
export interface ViewerSessions {
  /** Begins a session; the secret id for a cookie. */
  begin(of: SessionOf): string
  /** The living session of a cookie; it lives on for 30 days from now. */
  find(id: string): ViewerSession | undefined
  /** The living session that a token names; looking does not prolong it. */
  byRef(ref: string): ViewerSession | undefined
  end(id: string): void
  /** Ends all sessions of a member or of a share. */
  endAll(of: SessionOf): void
  /** How many browsers of a member are signed in. */
  countOf(memberId: string): number
}

/** How long a session lives without being used, in ms. */
export const VIEWER_SESSION_MS = 30 * 24 * 60 * 60_000
/** Its end is written again this much later at the soonest, in ms: not with every request. */
const EXTEND_AFTER_MS = 60 * 60_000
/** A use is told of no more often, in ms. */
const SEEN_EVERY_MS = 60_000
/** Newest sessions kept of a member, and of an unlocked share: whoever has a password could make them without end. */
const MAX_OF_MEMBER = 100
const MAX_OF_SHARE = 5_000
const REF_BYTES = 12

/** Makes the sessions. `onSeen` hears of a member who is there, once in a minute. */
export function createViewerSessions({
  store: { viewerSessions: rows },
  onSeen,
  now,
}: {
  store: Pick<Store, 'viewerSessions'>
  onSeen: (memberId: string) => void
  now: () => number
}): ViewerSessions {
  const seen = new Map<string, number>()

  const living = (session: StoredViewerSession | undefined): StoredViewerSession | undefined =>
    session && session.expiresAt > now() ? session : undefined
  const noteSeen = (memberId: string): void => {
    if (now() - (seen.get(memberId) ?? -Infinity) < SEEN_EVERY_MS) return
    seen.set(memberId, now())
    onSeen(memberId)
  }

  return {
    begin(of) {
      const id = newSecret()
      rows.removeExpired(now())
      const ref = randomBytes(REF_BYTES).toString('base64url')
      rows.insert(hashOf(id), { ref, of, expiresAt: now() + VIEWER_SESSION_MS }, now())
      rows.removeOldest(of, 'memberId' in of ? MAX_OF_MEMBER : MAX_OF_SHARE)
      if ('memberId' in of) noteSeen(of.memberId)
      return id
    },
    find(id) {
      const session = living(rows.byHash(hashOf(id)))
      if (!session) return undefined
      const { ref, of, expiresAt } = session
      if (expiresAt < now() + VIEWER_SESSION_MS - EXTEND_AFTER_MS) {
        rows.extend(ref, now() + VIEWER_SESSION_MS)
      }
      if ('memberId' in of) noteSeen(of.memberId)
      return { ref, ...of }
    },
    byRef(ref) {
      const session = living(rows.byRef(ref))
      return session && { ref, ...session.of }
    },
    end: (id) => rows.remove(hashOf(id)),
    endAll: (of) => rows.removeOf(of),
    countOf: (memberId) => rows.countOfMember(memberId, now()),
  }
}
