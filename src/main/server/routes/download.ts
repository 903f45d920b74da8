import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { clipFilename } from '../../shares/clip.ts'
import type { Deps } from '../deps.ts'
import { disposition } from '../disposition.ts'
import { cacheFor } from '../media-scope.ts'
import { mediaTypeOf } from '../media-types.ts'
import type { Sender } from '../send-file.ts'
import { shareSource } from '../share-source.ts'
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
    clipFiles,
    sender,
    ...deps
  }: Pick<Deps, 'shares' | 'library' | 'copies' | 'clipFiles'> & {
    sender: Sender
  }): FastifyPluginAsyncTypebox =>
  async (app) => {
    const from = shareSource(deps)
    app.get('/download/:token/:name', { schema }, async (request, reply) => {
      const opened = shares.open(tokenIn(request, request.params.token), 'download')
      if (opened.window) {
        const { window } = opened
        const playable = await from.playable(opened)
        // A copy of a part is that part: it has no window.
        const clip = playable.window
          ? await clipFiles.find({ ...playable, window: playable.window })
          : { path: playable.path, kind: kindOf(playable.path) }
        const name = clipFilename(deps.library.get(opened.fileId).filename, window, clip.kind)
        void reply.headers({
          'cache-control': cacheFor(opened.guarded),
          'content-disposition': disposition('attachment', name),
        })
        await sender.file(request, reply, { path: clip.path, type: mediaTypeOf(name) })
        return
      }
      const source = await from.sourceFile(opened)
      void reply.headers({
        'cache-control': cacheFor(opened.guarded),
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

const kindOf = (path: string): 'mp4' | 'mp3' => (path.endsWith('.mp3') ? 'mp3' : 'mp4')
