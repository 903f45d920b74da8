import { Type, type Static } from 'typebox'
import { TimestampMs } from './common.ts'

/** A folder of the owner's disk whose media files are in the library. */
export const Folder = Type.Object({
  id: Type.String(),
  object: Type.Literal('folder'),
  path: Type.String(),
  name: Type.String(),
  status: Type.Enum(['scanning', 'ready', 'failed']),
  failure: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() })),
  file_count: Type.Integer({ description: 'Files of the library that lie in it.' }),
  pending_count: Type.Integer({ description: 'Files of it that are still being read.' }),
  unreadable_count: Type.Integer({ description: 'Folders and files the last scan was not allowed to read.' }),
  created_at: TimestampMs,
  scanned_at: Type.Optional(TimestampMs),
})
/** A folder of the owner's disk whose media files are in the library. */
export type Folder = Static<typeof Folder>

/** Body of `POST /v1/folders`. */
export const AddFolder = Type.Object({ path: Type.String({ minLength: 1, maxLength: 4096 }) })
/** Body of `POST /v1/folders`. */
export type AddFolder = Static<typeof AddFolder>
