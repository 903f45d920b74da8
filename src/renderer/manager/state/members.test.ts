import { expect, test } from 'vitest'
import type { Member } from '../../../shared/api/member.ts'
import { withInvite, withMember, withoutMember } from './members.ts'

const aMember = (id: string, created_at: number, over: Partial<Member> = {}): Member => ({
  ...{ id, object: 'member', name: id, role: 'member', sessions: 0, created_at },
  ...over,
})

test('members stand newest first, each once, as they are now', () => {
  const [old, young] = [aMember('old', 1), aMember('young', 2)]
  const { members } = withMember({ members: [old], invites: [] }, young)
  expect(members).toEqual([young, old])
  const seen = aMember('old', 1, { sessions: 1, last_seen_at: 9 })
  expect(withMember({ members, invites: [] }, seen).members).toEqual([young, seen])
  expect(withoutMember({ members, invites: [] }, 'young').members).toEqual([old])
})

test('what has not been read yet stays unread: one event is no list', () => {
  const state = { members: null, invites: null }
  expect(withMember(state, aMember('a', 1)).members).toBeNull()
  expect(withInvite(state, { id: 'i', object: 'invite', created_at: 1, expires_at: 2 }).invites).toBeNull()
})
