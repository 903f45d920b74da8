import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../base/errors.ts'

/** Answers a request that no route took. */
export type NotFoundHandler = (request: FastifyRequest, reply: FastifyReply) => never

/**
 * Remembers the routes that are added to `app` from now on, and returns the handler for requests that none of them
 * took: 405 with `Allow` where the path is known under another method, else 404.
 */
export function collectRoutes(app: FastifyInstance): NotFoundHandler {
  const known = new Map<string, { path: RegExp; methods: Set<string> }>()
  app.addHook('onRoute', ({ url, method }) => {
    const entry = known.get(url) ?? { path: patternOf(url), methods: new Set() }
    // A preflight is answered for whole folders: it says nothing of what is there.
    for (const it of [method].flat()) if (it !== 'OPTIONS') entry.methods.add(it)
    known.set(url, entry)
  })
  return (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? ''
    const allowed = [...known.values()].filter((it) => it.path.test(path)).flatMap((it) => [...it.methods])
    if (allowed.length > 0 && !allowed.includes(request.method)) {
      void reply.header('allow', allowed.join(', '))
      throw new AppError('method_not_allowed', `${request.method} cannot be used here.`)
    }
    throw new AppError('not_found', 'There is nothing at this address.')
  }
}

/** `/v1/files/:id` → any one part in the place of `:id`. */
const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+')}$`)
