import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { AppError } from '../../base/errors.ts'
import type { Deps } from '../deps.ts'
import { cacheFor } from '../media-scope.ts'
import type { Sender } from '../send-file.ts'
import { shareSource } from '../share-source.ts'
import { tokenIn } from '../token-in.ts'

const SUFFIX = '.jpg'
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
      const { file } = request.params
      if (!file.endsWith(SUFFIX)) throw new AppError('not_found', 'There is nothing at this address.')
      const opened = shares.open(tokenIn(request, file.slice(0, -SUFFIX.length)), 'poster')
      const path = await source.poster(opened, request.query.size ?? 'poster')
      void reply.header('cache-control', cacheFor(opened.guarded))
      await sender.file(request, reply, { path, type: 'image/jpeg' })
    })
  }
