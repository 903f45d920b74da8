import { Type, type Static } from 'typebox'
import { TimestampMs } from './common.ts'

/** What a key may do: look (`GET`), or everything. */
export const KeyScope = Type.Enum(['read', 'write'])
/** What a key may do: look (`GET`), or everything. */
export type KeyScope = Static<typeof KeyScope>

/** A key of the API, without what opens it. */
export const ApiKey = Type.Object({
  id: Type.String(),
  object: Type.Literal('api_key'),
  name: Type.String(),
  prefix: Type.String({ description: 'The beginning of the key.' }),
  scope: KeyScope,
  created_at: TimestampMs,
  last_used_at: Type.Optional(TimestampMs),
})
/** A key of the API, without what opens it. */
export type ApiKey = Static<typeof ApiKey>

/** A key that was just made, with the key itself: it is told this once. */
export const NewApiKey = Type.Object({ ...ApiKey.properties, key: Type.String() })
/** A key that was just made, with the key itself. */
export type NewApiKey = Static<typeof NewApiKey>

/** Body of `POST /v1/api-keys`; the scope is `write` when absent. */
export const CreateApiKey = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  scope: Type.Optional(KeyScope),
})
/** Body of `POST /v1/api-keys`. */
export type CreateApiKey = Static<typeof CreateApiKey>
