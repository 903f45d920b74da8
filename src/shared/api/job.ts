import { Type, type Static } from 'typebox'
import { TimestampMs } from './common.ts'

/** A piece of longer work: reading a file, scanning a folder, preparing a share. */
export const Job = Type.Object({
  id: Type.String(),
  object: Type.Literal('job'),
  kind: Type.Enum(['ingest', 'scan', 'package', 'segments']),
  status: Type.Enum(['queued', 'running', 'completed', 'failed', 'cancelled']),
  title: Type.String(),
  progress: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  seconds_left: Type.Optional(Type.Number()),
  file_id: Type.Optional(Type.String()),
  folder_id: Type.Optional(Type.String()),
  error: Type.Optional(Type.String()),
  created_at: TimestampMs,
})
/** A piece of longer work. */
export type Job = Static<typeof Job>
