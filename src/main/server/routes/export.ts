import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { IdParams } from '../../../shared/api/common.ts'
import { CreateExport } from '../../../shared/api/export.ts'
import { Job } from '../../../shared/api/job.ts'
import type { Deps } from '../deps.ts'

/** `/v1/files/{id}/export`: files made of a file or a part of it. Where they are saved is up to whoever fetches them. */
export const exportRoutes =
  ({ library, exports }: Pick<Deps, 'library' | 'exports'>): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/files/:id/export',
      {
        schema: {
          summary:
            'Exports a file, or a part of it, as MP4, sound alone, GIF or WebP; the job makes a result to fetch',
          tags: ['files'],
          params: IdParams,
          body: CreateExport,
          response: { 200: Job },
        },
      },
      (request) => exports.begin(library.get(request.params.id), request.body),
    )
  }
