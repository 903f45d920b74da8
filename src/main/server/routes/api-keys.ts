import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { ApiKey, CreateApiKey, NewApiKey } from '../../../shared/api/api-key.ts'
import { IdParams, List, Paging } from '../../../shared/api/common.ts'
import type { Deps } from '../deps.ts'
import { pageOf } from '../page-of.ts'

/** `/v1/api-keys`: keys for scripts, beside the one in the data folder. */
export const apiKeyRoutes =
  ({ apiKeys }: Pick<Deps, 'apiKeys'>): FastifyPluginAsyncTypebox =>
  async (app) => {
    const tags = ['api-keys']
    app.get(
      '/api-keys',
      {
        schema: {
          summary: 'Lists API keys, without what opens them',
          ...{ tags, querystring: Type.Object(Paging), response: { 200: List(ApiKey) } },
        },
      },
      async (request) => pageOf(apiKeys.list(), request.query),
    )
    app.post(
      '/api-keys',
      {
        schema: {
          summary: 'Makes an API key, which is told this once',
          ...{ tags, body: CreateApiKey, response: { 200: NewApiKey } },
        },
      },
      async (request) => apiKeys.create(request.body),
    )
    app.delete(
      '/api-keys/:id',
      {
        schema: {
          summary: 'Revokes an API key at once',
          ...{ tags, params: IdParams },
          response: { 200: Type.Object({ id: Type.String(), object: Type.Literal('api_key') }) },
        },
      },
      async (request) => {
        apiKeys.remove(request.params.id)
        return { id: request.params.id, object: 'api_key' as const }
      },
    )
  }
