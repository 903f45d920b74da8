import type { FastifyInstance } from 'fastify'

/** Addresses whose bytes players on other sites may read. */
const MEDIA_PATHS: readonly string[] = [
  ...['/stream/*', '/poster/*', '/download/*', '/card-picture/*', '/card-film/*'],
]

/**
 * Lets pages of any origin read what this scope serves, never with their cookies: the address alone is the right to
 * it (S26). Answers the preflight that a browser sends before a request with `Range`.
 */
export function allowAnyOrigin(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, reply) => {
    void reply.headers({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'Content-Length, Content-Range, Accept-Ranges, ETag',
      'cross-origin-resource-policy': 'cross-origin',
    })
  })
  for (const path of MEDIA_PATHS) {
    app.options(path, async (_request, reply) =>
      reply
        .code(204)
        .headers({
          'access-control-allow-methods': 'GET, HEAD, OPTIONS',
          'access-control-allow-headers': 'Range, If-Range, If-None-Match',
          'access-control-max-age': 86_400,
        })
        .send(),
    )
  }
}

/**
 * Media of a share for everyone may be kept but not used again unasked: a share that is deleted must be gone within a
 * second, and asking costs a 304 (S9). Media of a guarded one is kept by nobody (S27).
 */
export const cacheFor = (isGuarded: boolean): string => (isGuarded ? 'private, no-store' : 'public, no-cache')
