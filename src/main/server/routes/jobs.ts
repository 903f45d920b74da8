import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { IdParams, List, Paging } from '../../../shared/api/common.ts'
import { Job } from '../../../shared/api/job.ts'
import { binary } from '../binary.ts'
import type { Deps } from '../deps.ts'
import { disposition } from '../disposition.ts'
import { mediaTypeOf } from '../media-types.ts'
import { pageOf } from '../page-of.ts'
import type { Sender } from '../send-file.ts'

/** `/v1/jobs`: longer work that waits, runs, or ended a moment ago, and the files that it made. */
export const jobRoutes =
  ({
    jobs,
    exports,
    sender,
  }: Pick<Deps, 'jobs' | 'exports'> & { sender: Sender }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/jobs',
      {
        schema: {
          summary: 'Lists jobs',
          tags: ['jobs'],
          querystring: Type.Object(Paging),
          response: { 200: List(Job) },
        },
      },
      async (request) => pageOf(jobs.list(), request.query),
    )
    app.get(
      '/jobs/:id',
      { schema: { summary: 'Gets a job', tags: ['jobs'], params: IdParams, response: { 200: Job } } },
      async (request) => jobs.get(request.params.id),
    )
    app.get(
      '/jobs/:id/result',
      {
        schema: {
          summary: 'The file that an export made, with ranges',
          tags: ['jobs'],
          params: IdParams,
          response: binary('The file', 'application/octet-stream'),
        },
      },
      async (request, reply) => {
        const { path, filename, bytes } = await exports.result(request.params.id)
        void reply.header('content-disposition', disposition('attachment', filename))
        await sender.file(request, reply, { path, identity: { bytes }, type: mediaTypeOf(filename) })
      },
    )
    app.post(
      '/jobs/:id/cancel',
      {
        schema: { summary: 'Cancels a job', tags: ['jobs'], params: IdParams, response: { 200: Job } },
      },
      async (request) => jobs.cancel(request.params.id),
    )
  }
