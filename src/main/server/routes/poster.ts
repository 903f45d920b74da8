import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Deps } from '../deps.ts'
import { cacheFor } from '../media-scope.ts'
import type { Sender } from '../send-file.ts'
import { shareSource } from '../share-source.ts'
import { tokenBefore } from '../token-in.ts'

const schema = {
  params: Type.Object({ file: Type.String() }),
  querystring: Type.Object({ size: Type.Optional(Type.Enum(['poster', 'card'])) }),
}

/** `/poster/<token>.jpg` on the share listener; `?size=card` is the 1200 x 630 picture of preview cards. */
export const posterRoutes =
  ({
    shares,
    sender,
    ...deps
  }: Pick<Deps, 'shares' | 'library' | 'copies'> & { sender: Sender }): FastifyPluginAsyncTypebox =>
  async (app) => {
    const source = shareSource(deps)
    app.get('/poster/:file', { schema }, async (request, reply) => {
      const opened = shares.open(tokenBefore(request, request.params.file, '.jpg'), 'poster')
      const path = await source.poster(opened, request.query.size ?? 'poster')
      void reply.header('cache-control', cacheFor(opened.guarded))
      await sender.file(request, reply, { path, type: 'image/jpeg' })
    })
  }
