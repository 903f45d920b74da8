import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { IdParams } from '../../../shared/api/common.ts'
import { Playback } from '../../../shared/api/share.ts'
import type { Deps } from '../deps.ts'
import { isOwnersBrowser } from '../guards.ts'
import { passesIn } from '../viewer-cookies.ts'

const ClipQuery = Type.Object({
  clip_start: Type.Optional(Type.Number()),
  clip_end: Type.Optional(Type.Number()),
})
const View = Type.Object({ session: Type.String({ maxLength: 200 }) })

/** What the share page asks for: how to play, and that it was played. */
export const playbackRoutes =
  ({ shares, owner, sessions }: Pick<Deps, 'shares' | 'owner' | 'sessions'>): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addHook('onRequest', async (_request, reply) => {
      void reply.header('cache-control', 'no-store')
    })

    app.get(
      '/share/:id/playback',
      { schema: { params: IdParams, querystring: ClipQuery, response: { 200: Playback } } },
      async (request) => {
        return shares.playback(request.params.id, request.query, passesIn(request, sessions))
      },
    )

    app.post(
      '/share/:id/view',
      { schema: { params: IdParams, body: View, response: { 200: Type.Object({ id: Type.String() }) } } },
      async (request) => {
        const { id } = request.params
        // The owner looking at their own share is not a viewer. Their cookie does nothing else on this listener.
        const passes = passesIn(request, sessions)
        if (isOwnersBrowser(request, owner)) await shares.playback(id, {}, passes)
        else shares.countView(id, request.body.session, passes)
        return { id }
      },
    )
  }
