import { Type, type Static } from 'typebox'
import { TimestampMs } from './common.ts'
import { Reach } from './share.ts'

/** The owner's own sign-in for share pages, of which there is at most one, or that of somebody invited. */
export const MemberRole = Type.Enum(['owner', 'member'])
/** The owner's own sign-in for share pages, or that of somebody invited. */
export type MemberRole = Static<typeof MemberRole>

/** Somebody who can sign in on share pages and sees private shares there. */
export const Member = Type.Object({
  id: Type.String(),
  object: Type.Literal('member'),
  name: Type.String(),
  role: MemberRole,
  sessions: Type.Integer({ description: 'Browsers that are signed in.' }),
  last_seen_at: Type.Optional(TimestampMs),
  created_at: TimestampMs,
})
/** Somebody who can sign in on share pages and sees private shares there. */
export type Member = Static<typeof Member>

/** The name that somebody signs in with; case and outer blanks do not matter. */
export const MemberName = Type.String({ minLength: 1, maxLength: 100 })
/** A new password; a limit keeps the work of hashing it small. */
export const NewPassword = Type.String({ minLength: 8, maxLength: 1000 })

/** Body of `POST /v1/members`. */
export const CreateMember = Type.Object({
  name: MemberName,
  password: NewPassword,
  role: Type.Optional(MemberRole),
})
/** Body of `POST /v1/members`. */
export type CreateMember = Static<typeof CreateMember>

/** Body of `PUT /v1/members/{id}`; what is absent stays. A password ends all sessions of the member. */
export const UpdateMember = Type.Object({
  name: Type.Optional(MemberName),
  password: Type.Optional(NewPassword),
})
/** Body of `PUT /v1/members/{id}`. */
export type UpdateMember = Static<typeof UpdateMember>

/** A link that makes one member, or sets the password of one anew, and has not been used. */
export const Invite = Type.Object({
  id: Type.String(),
  object: Type.Literal('invite'),
  name: Type.Optional(Type.String({ description: 'Suggested to the one who is invited.' })),
  member_id: Type.Optional(Type.String({ description: 'The member whose password it sets.' })),
  created_at: TimestampMs,
  expires_at: TimestampMs,
})
/** A link that makes one member, or sets the password of one anew, and has not been used. */
export type Invite = Static<typeof Invite>

/** An invite with its addresses, which are told this once: only the hash of the code is kept. */
export const NewInvite = Type.Object({
  ...Invite.properties,
  url: Type.String(),
  links: Type.Array(Type.Object({ reach: Reach, url: Type.String() })),
})
/** An invite with its addresses, which are told this once. */
export type NewInvite = Static<typeof NewInvite>

/** Body of `POST /v1/invites`. With `member_id` the link sets the password of that member anew. */
export const CreateInvite = Type.Object({
  name: Type.Optional(MemberName),
  member_id: Type.Optional(Type.String()),
  expires_in_seconds: Type.Optional(
    Type.Integer({ minimum: 60, maximum: 30 * 86_400, description: 'Seven days when absent.' }),
  ),
})
/** Body of `POST /v1/invites`. */
export type CreateInvite = Static<typeof CreateInvite>
