import { Type, type Static } from 'typebox'

/** What of the data folder can be emptied: all of it is made again when it is needed. */
export const Disposable = Type.Enum(['packaged', 'converted', 'caches', 'exports'])
/** What of the data folder can be emptied. */
export type Disposable = Static<typeof Disposable>

/** A part of the data folder. */
const Part = Type.Object({ bytes: Type.Integer(), count: Type.Integer({ description: 'Files' }) })

/** What the data folder takes of the disk. */
export const Storage = Type.Object({
  object: Type.Literal('storage'),
  uploads: Part,
  kept: Type.Object({
    ...Part.properties,
    count: Type.Integer({ description: 'Copies that shares play from' }),
  }),
  packaged: Part,
  converted: Part,
  caches: Part,
  exports: Part,
  database: Part,
  free_bytes: Type.Integer({ description: 'Free on the disk of the data folder' }),
})
/** What the data folder takes of the disk. */
export type Storage = Static<typeof Storage>

/** Body of `POST /v1/storage/clear`. */
export const ClearStorage = Type.Object({
  what: Type.Array(Disposable, { minItems: 1, maxItems: 4, uniqueItems: true }),
})
/** Body of `POST /v1/storage/clear`. */
export type ClearStorage = Static<typeof ClearStorage>
