import { randomUUID } from 'node:crypto'
import type { CreateMember, Member, UpdateMember } from '../../shared/api/member.ts'
import type { EngineEvent } from '../../shared/events.ts'
import { AppError } from '../base/errors.ts'
import type { StoredMember } from '../store/members.ts'
import type { Store } from '../store/store.ts'
import { nameKeyOf, tidyName } from './names.ts'
import type { Passwords } from './passwords.ts'
import type { ViewerSessions } from './viewer-sessions.ts'

/**
 * Who can sign in on share pages. Unknown ids throw AppError `not_found`, a name that is taken `conflict`, one that is
 * none `bad_request`.
 */
export interface Members {
  /** Newest first. */
  list(): Member[]
  get(id: string): Member
  /** Throws `conflict` also for a second owner. */
  create(body: CreateMember): Promise<Member>
  /** A new password ends all sessions of the member, and with them the tokens that they were given. */
  update(id: string, body: UpdateMember): Promise<Member>
  /** Ends everything of a member at once. */
  remove(id: string): void
  signOutEverywhere(id: string): Member
  /** Notes that a member is there now. */
  noteSeen(id: string): void
}

/** What members are made of. */
export type MembersDeps = {
  store: Pick<Store, 'members' | 'transaction'>
  passwords: Pick<Passwords, 'hash'>
  sessions: Pick<ViewerSessions, 'countOf' | 'endAll'>
  emit: (event: EngineEvent) => void
  now: () => number
}

/** Makes the service of members over the store. */
export function createMembers({ store, passwords, sessions, emit, now }: MembersDeps): Members {
  const view = ({ id, name, role, lastSeenAt, createdAt }: StoredMember): Member => ({
    ...{ id, object: 'member', name, role },
    sessions: sessions.countOf(id),
    ...(lastSeenAt === null ? {} : { last_seen_at: lastSeenAt }),
    created_at: createdAt,
  })
  const existing = (id: string): StoredMember => {
    const member = store.members.byId(id)
    if (!member) throw new AppError('not_found', 'There is no such member.')
    return member
  }
  const announce = (member: StoredMember): Member => {
    const shown = view(member)
    emit({ type: 'member.updated', member: shown })
    return shown
  }
  const assertFree = (nameKey: string, id?: string): void => {
    const taken = store.members.byNameKey(nameKey)
    if (taken && taken.id !== id) throw new AppError('conflict', 'There is a member of this name already.')
  }

  return {
    list: () => store.members.all().map(view),
    get: (id) => view(existing(id)),

    async create({ name: given, password, role = 'member' }) {
      const name = tidyName(given)
      const nameKey = nameKeyOf(name)
      const check = (): void => {
        assertFree(nameKey)
        if (role === 'owner' && store.members.owner()) {
          throw new AppError('conflict', 'The owner has a sign-in already; change its password instead.')
        }
      }
      // Before the work, for whoever asked; and after it, for what happened meanwhile.
      check()
      const passwordHash = await passwords.hash(password)
      const member: StoredMember = {
        ...{ id: randomUUID(), name, nameKey, role, passwordHash },
        ...{ createdAt: now(), lastSeenAt: null },
      }
      store.transaction(() => {
        check()
        store.members.insert(member)
      })
      return announce(member)
    },

    async update(id, body) {
      existing(id)
      const name = body.name === undefined ? undefined : tidyName(body.name)
      if (name !== undefined) assertFree(nameKeyOf(name), id)
      const passwordHash = body.password === undefined ? undefined : await passwords.hash(body.password)
      return announce(
        store.transaction(() => {
          const member = existing(id)
          if (name !== undefined) assertFree(nameKeyOf(name), id)
          const changed = {
            ...member,
            ...(name === undefined ? {} : { name, nameKey: nameKeyOf(name) }),
            ...(passwordHash === undefined ? {} : { passwordHash }),
          }
          store.members.update(changed)
          if (passwordHash !== undefined) sessions.endAll({ memberId: id })
          return changed
        }),
      )
    },

    remove(id) {
      if (!store.members.remove(id)) throw new AppError('not_found', 'There is no such member.')
      emit({ type: 'member.deleted', id })
    },

    signOutEverywhere(id) {
      const member = existing(id)
      sessions.endAll({ memberId: id })
      return announce(member)
    },

    noteSeen(id) {
      store.members.setSeen(id, now())
      const member = store.members.byId(id)
      if (member) announce(member)
    },
  }
}
