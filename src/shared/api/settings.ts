import { Type, type Static } from 'typebox'

/** Sites whose pages may show players in a frame. */
const Embed = Type.Object({
  origins: Type.Array(Type.String(), { description: 'As https://blog.example; when empty, any site may.' }),
})

/** What the owner sets for all of Matinee. */
export const Settings = Type.Object({ object: Type.Literal('settings'), embed: Embed })
/** What the owner sets for all of Matinee. */
export type Settings = Static<typeof Settings>

/** Body of `PUT /v1/settings`; what is absent stays. */
export const UpdateSettings = Type.Object({
  embed: Type.Optional(
    Type.Object({ origins: Type.Optional(Type.Array(Type.String({ maxLength: 300 }), { maxItems: 50 })) }),
  ),
})
/** Body of `PUT /v1/settings`. */
export type UpdateSettings = Static<typeof UpdateSettings>
