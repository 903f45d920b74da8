import { Type, type Static } from 'typebox'

/** Body of `GET /v1/health`. */
export const Health = Type.Object({
  status: Type.Literal('ok'),
  version: Type.String(),
  node: Type.String(),
  ffmpeg: Type.Union([
    Type.Object({
      version: Type.String(),
      source: Type.Enum(['env', 'ffmpeg-static', 'path', 'npm']),
      outdated: Type.Boolean(),
    }),
    Type.Null(),
  ]),
  share_url: Type.String({ description: 'Base URL of the share listener.' }),
  public_url: Type.Optional(Type.String()),
  uploads: Type.Object({
    max_bytes: Type.Integer({ description: 'The largest upload that would be taken now.' }),
  }),
  uptime_seconds: Type.Number(),
})
/** Body of `GET /v1/health`. */
export type Health = Static<typeof Health>

/** Body of `POST /v1/launch`: a one-time address that opens the file manager signed in. */
export const Launch = Type.Object({ url: Type.String() })
/** Body of `POST /v1/launch`. */
export type Launch = Static<typeof Launch>
