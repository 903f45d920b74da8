import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Health, Launch } from '../../../shared/api/system.ts'
import type { Deps } from '../deps.ts'

/** `/v1/health`, `/v1/launch`: the state of this Matinee, and a way into its file manager. */
export const systemRoutes =
  ({ health, owner, library }: Pick<Deps, 'health' | 'owner' | 'library'>): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/health',
      {
        schema: { summary: 'Tells version, ffmpeg, addresses', tags: ['system'], response: { 200: Health } },
      },
      async () => ({ ...health(), uploads: { max_bytes: await library.uploadRoom() } }),
    )
    app.post(
      '/launch',
      {
        schema: {
          summary: 'Makes an address that opens the file manager signed in, once, within 10 minutes',
          tags: ['system'],
          response: { 200: Launch },
        },
      },
      // The Host guard has let only names of this computer through.
      async (request) => ({ url: `http://${request.host}/?launch=${owner.mintLaunchToken()}` }),
    )
  }
