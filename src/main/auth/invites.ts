import { randomUUID } from 'node:crypto'
import type { CreateInvite, Invite, NewInvite } from '../../shared/api/member.ts'
import type { Reach } from '../../shared/api/share.ts'
import type { EngineEvent } from '../../shared/events.ts'
import { AppError } from '../base/errors.ts'
import type { StoredInvite } from '../store/invites.ts'
import type { Store } from '../store/store.ts'
import type { Members } from './members.ts'
import { tidyName } from './names.ts'
import { hashOf, newSecret } from './secrets.ts'

/** An invite as its page shows it. With `isReset` the name is that of the member, and stays. */
export type OpenInvite = { name: string | null; isReset: boolean }

/** One-time links by which somebody becomes a member, or a member gets a new password. */
export interface Invites {
  /** Those that can still be used, newest first. */
  list(): Invite[]
  /** Makes one; its address is told here and never again. Throws AppError `not_found` for a member there is not. */
  create(body: CreateInvite): NewInvite
  /** Throws AppError `not_found`. */
  remove(id: string): void
  /** What the link of a code is for; throws AppError `not_found` when it is unknown, used, withdrawn or too old. */
  open(code: string): OpenInvite
  /** Uses the link up; the member's id. Throws as `open` does and as `Members.create` does, and is not used up then. */
  accept(code: string, given: { name: string; password: string }): Promise<string>
}

/** What invites are made of. */
export type InvitesDeps = {
  store: Pick<Store, 'invites' | 'members' | 'transaction'>
  members: Pick<Members, 'create' | 'update' | 'get'>
  /** Addresses of the share listener, best first. */
  bases: () => readonly [Base, ...Base[]]
  emit: (event: EngineEvent) => void
  now: () => number
}
type Base = { reach: Reach; url: string }

/** How long a link waits to be used when nothing is said, in seconds. */
const LIFE_S = 7 * 86_400

/** Makes the service of invites over the store. */
export function createInvites({ store, members, bases, emit, now }: InvitesDeps): Invites {
  /** Codes whose use is under way: hashing a password takes a while, and a link is good for one. */
  const inUse = new Set<string>()

  const view = ({ id, name, memberId, createdAt, expiresAt }: StoredInvite): Invite => ({
    ...{ id, object: 'invite' },
    ...(name === null ? {} : { name }),
    ...(memberId === null ? {} : { member_id: memberId }),
    ...{ created_at: createdAt, expires_at: expiresAt },
  })
  const find = (code: string): StoredInvite => {
    const invite = store.invites.byHash(hashOf(code))
    if (!invite || invite.expiresAt <= now()) {
      throw new AppError('not_found', 'This invitation does not work any more. Ask for a new one.')
    }
    return invite
  }

  /** A member has one link for a new password at most, and none once it was used. */
  const withdrawResets = (memberId: string): void => {
    for (const it of store.invites.all()) {
      if (it.memberId !== memberId) continue
      store.invites.remove(it.id)
      emit({ type: 'invite.deleted', id: it.id })
    }
  }

  return {
    list: () =>
      store.invites
        .all()
        .filter((it) => it.expiresAt > now())
        .map(view),

    create(body) {
      const memberId = body.member_id ?? null
      if (memberId !== null) {
        members.get(memberId)
        withdrawResets(memberId)
      }
      store.invites.removeExpired(now())
      const code = newSecret()
      const invite: StoredInvite = {
        id: randomUUID(),
        codeHash: hashOf(code),
        name: body.name === undefined ? null : tidyName(body.name),
        memberId,
        createdAt: now(),
        expiresAt: now() + (body.expires_in_seconds ?? LIFE_S) * 1000,
      }
      store.invites.insert(invite)
      emit({ type: 'invite.updated', invite: view(invite) })
      const links = bases().map(({ reach, url }) => ({ reach, url: `${url}/invite/${code}` }))
      return { ...view(invite), url: links[0]?.url ?? '', links }
    },

    remove(id) {
      if (!store.invites.remove(id)) throw new AppError('not_found', 'There is no such invite.')
      emit({ type: 'invite.deleted', id })
    },

    open(code) {
      const { name, memberId } = find(code)
      if (memberId === null) return { name, isReset: false }
      return { name: members.get(memberId).name, isReset: true }
    },

    async accept(code, { name, password }) {
      const { id, memberId } = find(code)
      if (inUse.has(id)) throw new AppError('conflict', 'This invitation is being used right now.')
      inUse.add(id)
      try {
        const member =
          memberId === null
            ? await members.create({ name, password })
            : await members.update(memberId, { password })
        if (memberId !== null) withdrawResets(memberId)
        else if (store.invites.remove(id)) emit({ type: 'invite.deleted', id })
        return member.id
      } finally {
        inUse.delete(id)
      }
    },
  }
}
