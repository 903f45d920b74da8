import { api } from '../api.ts'
import { useMembers } from '../state/members.ts'
import { allOf } from '../state/sync.ts'

/** Reads who can sign in on share pages, and the invites that wait. Throws `ApiError`. */
export async function readMembers(): Promise<void> {
  const [members, invites] = await Promise.all([allOf(api.members.list), allOf(api.invites.list)])
  useMembers.setState({ members, invites })
}
