import { Type, type Static } from 'typebox'

/** What the clip of a window takes; times in seconds. */
export const Cut = Type.Object({
  /** False when the picture would have to be converted to be cut to the frame: no clip of it is made yet. */
  exact: Type.Boolean(),
  copied_seconds: Type.Number(),
  encoded_seconds: Type.Number(),
  /** From the file's start; null when there is no key frame inside. */
  first_keyframe: Type.Union([Type.Number(), Type.Null()]),
  estimate_seconds: Type.Number(),
})
/** What the clip of a window takes. */
export type Cut = Static<typeof Cut>
