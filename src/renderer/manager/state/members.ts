import { create } from 'zustand'
import type { Invite, Member } from '../../../shared/api/member.ts'

/** Who can sign in on share pages, and the invites that wait, newest first; null until they have been read. */
export type MembersState = { members: readonly Member[] | null; invites: readonly Invite[] | null }

/** Who can sign in on share pages; read when something shows them, and kept right by events from then on. */
export const useMembers = create<MembersState>()(() => ({ members: null, invites: null }))

const put = <T extends { id: string; created_at: number }>(items: readonly T[] | null, item: T) =>
  items && [...items.filter((it) => it.id !== item.id), item].toSorted((a, b) => b.created_at - a.created_at)
const without = <T extends { id: string }>(items: readonly T[] | null, id: string) =>
  items && items.filter((it) => it.id !== id)

/** The state with a member as they are now. */
export const withMember = ({ members }: MembersState, member: Member) => ({ members: put(members, member) })

/** The state without a member. */
export const withoutMember = ({ members }: MembersState, id: string) => ({ members: without(members, id) })

/** The state with an invite. */
export const withInvite = ({ invites }: MembersState, invite: Invite) => ({ invites: put(invites, invite) })

/** The state without an invite: it was used or withdrawn. */
export const withoutInvite = ({ invites }: MembersState, id: string) => ({ invites: without(invites, id) })
