import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { clipFilename } from '../../shares/clip.ts'
import type { Deps } from '../deps.ts'
import { disposition } from '../disposition.ts'
import { cacheFor } from '../media-scope.ts'
import { mediaTypeOf } from '../media-types.ts'
import type { Sender } from '../send-file.ts'
import { tokenIn } from '../token-in.ts'

/** The name in the address is for people and download lists; the token alone says which file. */
const schema = { params: Type.Object({ token: Type.String(), name: Type.String() }) }

/**
 * `/download/<token>/<name>` on the share listener: the source file as it lies on the disk, with ranges. Of a part of
 * a file it is one file that holds that part alone.
 */
export const downloadRoutes =
  ({
    shares,
    library,
    clipFiles,
    sender,
  }: Pick<Deps, 'shares' | 'library' | 'clipFiles'> & { sender: Sender }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get('/download/:token/:name', { schema }, async (request, reply) => {
      const opened = shares.open(tokenIn(request, request.params.token), 'download')
      if (opened.window) {
        const { window } = opened
        const playable = await library.playable(opened.fileId, window)
        const clip = await clipFiles.find({ ...playable, window: playable.window ?? window })
        const name = clipFilename(library.get(opened.fileId).filename, window, clip.kind)
        void reply.headers({
          'cache-control': cacheFor(opened.visibility),
          'content-disposition': disposition('attachment', name),
        })
        await sender.file(request, reply, { path: clip.path, type: mediaTypeOf(name) })
        return
      }
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
