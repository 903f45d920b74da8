import swagger from '@fastify/swagger'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { ErrorBody } from '../../../shared/api/error.ts'

/** Collects the routes that are added to this scope from now on into an OpenAPI document. */
export async function collectOpenapi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Matinee', version, license: { name: 'MIT', identifier: 'MIT' } },
      servers: [{ url: '/' }],
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      security: [{ bearer: [] }],
    },
    transform: ({ schema, url }) => ({
      // Every call can fail in the one shape; the routes need not say so.
      schema: { ...schema, response: { ...(schema.response as object | undefined), default: ErrorBody } },
      url,
    }),
  })
}

/** `/v1/openapi.json`: the contract in its machine-readable form, made from the schemas of the routes. */
export const openapiRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
}
