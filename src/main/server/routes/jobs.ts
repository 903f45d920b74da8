import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { IdParams, List, Paging } from '../../../shared/api/common.ts'
import { Job } from '../../../shared/api/job.ts'
import type { Deps } from '../deps.ts'
import { pageOf } from '../page-of.ts'

/** `/v1/jobs`: longer work that waits, runs, or ended a moment ago. */
export const jobRoutes =
  ({ jobs }: Pick<Deps, 'jobs'>): FastifyPluginAsyncTypebox =>
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
    app.post(
      '/jobs/:id/cancel',
      {
        schema: { summary: 'Cancels a job', tags: ['jobs'], params: IdParams, response: { 200: Job } },
      },
      async (request) => jobs.cancel(request.params.id),
    )
  }
