import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Settings, UpdateSettings } from '../../../shared/api/settings.ts'
import type { Deps } from '../deps.ts'

/** `/v1/settings`: what the owner sets for all of Matinee. */
export const settingsRoutes =
  ({ embedding }: Pick<Deps, 'embedding'>): FastifyPluginAsyncTypebox =>
  async (app) => {
    const tags = ['system']
    const settings = (): Settings => ({ object: 'settings', embed: { origins: [...embedding.origins()] } })

    app.get(
      '/settings',
      { schema: { summary: 'Tells the settings', tags, response: { 200: Settings } } },
      async () => settings(),
    )
    app.put(
      '/settings',
      {
        schema: {
          summary: 'Changes settings, and answers with all of them; what is absent stays',
          ...{ tags, body: UpdateSettings, response: { 200: Settings } },
        },
      },
      async (request) => {
        const origins = request.body.embed?.origins
        if (origins) embedding.allowOnly(origins)
        return settings()
      },
    )
  }
