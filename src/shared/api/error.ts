import { Type, type Static } from 'typebox'

/** HTTP status of each failure the API names; the closed list behind `code` in API answers. */
export const ERROR_STATUS = {
  bad_request: 400,
  not_available: 400,
  sign_in_required: 401,
  password_required: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  expired: 410,
  file_missing: 410,
  too_large: 413,
  unsupported_media: 415,
  unsupported_content_type: 415,
  range_not_satisfiable: 416,
  misdirected_host: 421,
  too_many_requests: 429,
  internal: 500,
  database_too_new: 500,
  busy: 503,
  disk_full: 507,
} as const

/** One of the closed list of failures; its HTTP status stands in `ERROR_STATUS`. */
export type ErrorCode = keyof typeof ERROR_STATUS

/** Body of every answer that is not a success. `share_id` names the share in the way on a 409. */
export const ErrorBody = Type.Object({
  error: Type.String({ description: 'One sentence a person understands.' }),
  code: Type.Enum(Object.keys(ERROR_STATUS) as ErrorCode[]),
  share_id: Type.Optional(Type.String()),
})
/** Body of every answer that is not a success. */
export type ErrorBody = Static<typeof ErrorBody>

/** Why a file or share reached `failed`, in words for people and a code for programs. */
export const Failure = Type.Object({ code: Type.String(), message: Type.String() })
/** Why a file or share reached `failed`. */
export type Failure = Static<typeof Failure>
