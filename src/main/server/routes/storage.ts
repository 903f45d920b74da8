import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ClearStorage, Storage } from '../../../shared/api/storage.ts'
import type { Deps } from '../deps.ts'

/** `/v1/storage`: what the data folder takes of the disk. */
export const storageRoutes =
  ({ storage }: Pick<Deps, 'storage'>): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/storage',
      {
        schema: { summary: 'Measures the data folder', tags: ['system'], response: { 200: Storage } },
      },
      () => storage.measure(),
    )
    app.post(
      '/storage/clear',
      {
        schema: {
          summary: 'Empties parts of the data folder that are made again when they are needed',
          tags: ['system'],
          body: ClearStorage,
          response: { 200: Storage },
        },
      },
      (request) => storage.clear(request.body.what),
    )
  }
