import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { AppError } from '../../base/errors.ts'
import type { Deps } from '../deps.ts'
import { cacheFor } from '../media-scope.ts'
import type { Sender } from '../send-file.ts'
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
    library,
    sender,
  }: Pick<Deps, 'shares' | 'library'> & { sender: Sender }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get('/poster/:file', { schema }, async (request, reply) => {
      const { file } = request.params
      if (!file.endsWith(SUFFIX)) throw new AppError('not_found', 'There is nothing at this address.')
      const opened = shares.open(tokenIn(request, file.slice(0, -SUFFIX.length)), 'poster')
      const path = await library.poster(opened.fileId, request.query.size ?? 'poster', opened.window)
      void reply.header('cache-control', cacheFor(opened.visibility))
      await sender.file(request, reply, { path, type: 'image/jpeg' })
    })
  }
