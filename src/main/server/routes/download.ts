import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Deps } from '../deps.ts'
import { disposition } from '../disposition.ts'
import { cacheFor } from '../media-scope.ts'
import { mediaTypeOf } from '../media-types.ts'
import type { Sender } from '../send-file.ts'
import { tokenIn } from '../token-in.ts'

/** The name in the address is for people and download lists; the token alone says which file. */
const schema = { params: Type.Object({ token: Type.String(), name: Type.String() }) }

/** `/download/<token>/<name>` on the share listener: the source file as it lies on the disk, with ranges. */
export const downloadRoutes =
  ({
    shares,
    library,
    sender,
  }: Pick<Deps, 'shares' | 'library'> & { sender: Sender }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get('/download/:token/:name', { schema }, async (request, reply) => {
      const opened = shares.open(tokenIn(request, request.params.token), 'download')
      const source = await library.sourceFile(opened.fileId)
      void reply.headers({
        'cache-control': cacheFor(opened.visibility),
        'content-disposition': disposition('attachment', source.filename),
      })
      await sender.file(request, reply, {
        path: source.path,
        identity: source,
        stamp: source.stamp,
        type: mediaTypeOf(source.filename),
      })
    })
  }
