import { Type, type Static } from 'typebox'
import { TimestampMs } from './common.ts'
import { ERROR_STATUS, type ErrorCode } from './error.ts'

/** The file that a job made: fetched from `GET /v1/jobs/{id}/result` until `expires_at`. */
export const JobResult = Type.Object({
  filename: Type.String({ description: 'The name that it is downloaded under.' }),
  bytes: Type.Integer(),
  converted: Type.Boolean({
    description: 'True when all of the picture, or of sound alone, was encoded anew.',
  }),
  expires_at: TimestampMs,
})
/** The file that a job made. */
export type JobResult = Static<typeof JobResult>

/** A piece of longer work: reading a file, scanning a folder, preparing a share, exporting a clip. */
export const Job = Type.Object({
  id: Type.String(),
  object: Type.Literal('job'),
  kind: Type.Enum(['ingest', 'scan', 'package', 'transcode', 'segments', 'export', 'keep']),
  status: Type.Enum(['queued', 'running', 'completed', 'failed', 'cancelled']),
  title: Type.String(),
  progress: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  seconds_left: Type.Optional(Type.Number()),
  file_id: Type.Optional(Type.String()),
  folder_id: Type.Optional(Type.String()),
  error: Type.Optional(Type.String()),
  error_code: Type.Optional(Type.Enum(Object.keys(ERROR_STATUS) as ErrorCode[])),
  result: Type.Optional(JobResult),
  created_at: TimestampMs,
})
/** A piece of longer work. */
export type Job = Static<typeof Job>
