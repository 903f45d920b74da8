import { Type, type Static } from 'typebox'

/** What the clip of a window takes; times in seconds. */
export const Cut = Type.Object({
  /** True where the clip begins and ends on the frames asked for; a picture that cannot be cut so is converted whole. */
  exact: Type.Boolean(),
  copied_seconds: Type.Number(),
  encoded_seconds: Type.Number(),
  /** From the file's start; null when there is no key frame inside. */
  first_keyframe: Type.Union([Type.Number(), Type.Null()]),
  estimate_seconds: Type.Number(),
})
/** What the clip of a window takes. */
export type Cut = Static<typeof Cut>
