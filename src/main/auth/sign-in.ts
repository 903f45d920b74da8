import { AppError } from '../base/errors.ts'
import type { Store } from '../store/store.ts'
import { nameKeyOf } from './names.ts'
import type { Passwords } from './passwords.ts'
import type { Throttle } from './throttle.ts'
import type { ViewerSession, ViewerSessions } from './viewer-sessions.ts'

/** How viewers show that they may see more than everybody. */
export interface SignIn {
  /**
   * Begins a new session of the member with this name and password; its secret id, for a cookie. A session in `before`
   * ends with it: an id that somebody put there beforehand is worth nothing (session fixation). Throws AppError
   * `sign_in_required`, in the same words after the same work for a name that nobody has, `too_many_requests`, `busy`.
   */
  member(
    given: { name: string; password: string },
    ingress: number,
    before: string | undefined,
  ): Promise<string>
  /** Begins a session of a member who has shown otherwise who they are. */
  begin(memberId: string, before: string | undefined): string
  /** Looks at a try of a share's password. Throws AppError `too_many_requests`, `busy`. */
  isSharePassword(
    share: { id: string; passwordHash: string },
    password: string,
    ingress: number,
  ): Promise<boolean>
  /** The name of the member of a session; undefined for one of a share. */
  nameOf(session: ViewerSession): string | undefined
  /** Ends a session, or with `everywhere` all of its member. An id that is none does nothing. */
  end(id: string, everywhere: boolean): void
}

/** Makes the ways in. */
export function createSignIn({
  store,
  passwords,
  throttle,
  sessions,
}: {
  store: Pick<Store, 'members'>
  passwords: Pick<Passwords, 'matches'>
  throttle: Throttle
  sessions: ViewerSessions
}): SignIn {
  const begin: SignIn['begin'] = (memberId, before) => {
    if (before !== undefined) sessions.end(before)
    return sessions.begin({ memberId })
  }
  return {
    begin,
    async member({ name, password }, ingress, before) {
      const nameKey = nameKeyOf(name)
      const found = await throttle.attempt(`member/${nameKey}`, ingress, async () => {
        const member = store.members.byNameKey(nameKey)
        const isRight = await passwords.matches(member?.passwordHash ?? null, password)
        // While the password was looked at, the member may have got another one, or gone.
        const now = isRight && member ? store.members.byId(member.id) : undefined
        return now && now.passwordHash === member?.passwordHash ? now : null
      })
      if (!found) {
        throw new AppError(
          'sign_in_required',
          'That name and password don’t match. Check both and try again.',
        )
      }
      return begin(found.id, before)
    },
    async isSharePassword({ id, passwordHash }, password, ingress) {
      const found = await throttle.attempt(`share/${id}`, ingress, async () =>
        (await passwords.matches(passwordHash, password)) ? id : null,
      )
      return found !== null
    },
    nameOf: (session) => ('memberId' in session ? store.members.byId(session.memberId)?.name : undefined),
    end(id, everywhere) {
      const session = everywhere ? sessions.find(id) : undefined
      if (session && 'memberId' in session) sessions.endAll({ memberId: session.memberId })
      else sessions.end(id)
    },
  }
}
