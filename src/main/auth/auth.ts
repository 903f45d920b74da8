import type { Reach } from '../../shared/api/share.ts'
import type { EngineEvent } from '../../shared/events.ts'
import type { Store } from '../store/store.ts'
import { createApiKeys, type ApiKeys } from './api-keys.ts'
import { createInvites, type Invites } from './invites.ts'
import { createMembers, type Members } from './members.ts'
import { createOwner, type Owner } from './owner.ts'
import { createPasswords, type Passwords } from './passwords.ts'
import { createSignIn, type SignIn } from './sign-in.ts'
import { createThrottle, type Throttle } from './throttle.ts'
import { createViewerSessions, type ViewerSessions } from './viewer-sessions.ts'

/** Who is who: the owner and their keys on the private listener, members and their sessions on the share listener. */
export type Auth = {
  owner: Owner
  apiKeys: ApiKeys
  members: Members
  invites: Invites
  signIn: SignIn
  sessions: ViewerSessions
  passwords: Passwords
  throttle: Throttle
}

/** What that is made of. */
export type AuthDeps = {
  store: Pick<Store, 'sessions' | 'apiKeys' | 'members' | 'invites' | 'viewerSessions' | 'transaction'>
  /** Keys that open all of `/v1` whatever the store says. */
  apiKeys: readonly string[]
  /** Addresses of the share listener, best first. */
  bases: () => readonly [{ reach: Reach; url: string }, ...{ reach: Reach; url: string }[]]
  emit: (event: EngineEvent) => void
  now?: () => number
}

/** Makes all of it over the store. */
export function createAuth({ store, apiKeys: first, bases, emit, now = () => Date.now() }: AuthDeps): Auth {
  const passwords = createPasswords()
  const throttle = createThrottle({ now })
  const sessions = createViewerSessions({ store, now, onSeen: (id) => members.noteSeen(id) })
  const members = createMembers({ store, passwords, sessions, emit, now })
  const apiKeys = createApiKeys({ store, now })
  const owner = createOwner({
    ...{ sessions: store.sessions, apiKeys: first, now },
    madeScopeOf: (key) => apiKeys.scopeOf(key),
  })
  return {
    ...{ owner, apiKeys, members, sessions, passwords, throttle },
    invites: createInvites({ store, members, bases, emit, now }),
    signIn: createSignIn({ store, passwords, throttle, sessions }),
  }
}

/** What shares ask of it. */
export const guestsOf = ({ sessions, passwords, signIn }: Auth) => ({
  passOf: (ref: string) => sessions.byRef(ref),
  hashPassword: (password: string) => passwords.hash(password),
  isPassword: (share: { id: string; passwordHash: string }, password: string, ingress: number) =>
    signIn.isSharePassword(share, password, ingress),
  begin: (shareId: string) => sessions.begin({ shareId }),
  lock: (shareId: string) => sessions.endAll({ shareId }),
})
