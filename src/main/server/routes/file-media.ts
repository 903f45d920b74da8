import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { IdParams } from '../../../shared/api/common.ts'
import { AppError, messageOf } from '../../base/errors.ts'
import { binary } from '../binary.ts'
import type { Deps } from '../deps.ts'
import { Cut } from '../../../shared/api/cut.ts'
import { clientSignal } from '../client-signal.ts'
import { disposition } from '../disposition.ts'
import { mediaTypeOf } from '../media-types.ts'
import type { Sender } from '../send-file.ts'
import { SEGMENT_TYPE, sendStream } from '../send-stream.ts'
import { PLAYLIST_TYPE } from '../send-text.ts'
import { streamResource } from '../stream-resource.ts'
import { windowIn, windowOf, windowQuery } from '../window-query.ts'

type FileMediaDeps = Pick<Deps, 'library' | 'streams' | 'around' | 'prepare' | 'log'> & { sender: Sender }

const Second = Type.Number({ minimum: 0, maximum: 1e9 })
const StreamQuery = Type.Object({ start: Type.Optional(Second), end: Type.Optional(Second) })
const StreamParams = Type.Object({
  id: Type.String(),
  rendition: Type.Optional(Type.String()),
  name: Type.String(),
})

/** The owner's own way to the bytes of a file: preview stream, poster, source. No share, no token, never a view. */
export const fileMediaRoutes =
  (deps: FileMediaDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { library, sender } = deps

    app.get(
      '/files/:id/thumbnails/poster.jpg',
      {
        schema: {
          summary: 'Poster of a file',
          tags: ['files'],
          params: IdParams,
          response: binary('The picture', 'image/jpeg'),
        },
      },
      async (request, reply) => {
        const path = await library.poster(request.params.id, 'poster')
        await sender.file(request, reply, { path, type: 'image/jpeg' })
      },
    )

    app.get(
      '/files/:id/content',
      {
        schema: {
          summary: 'The source file itself, with ranges',
          tags: ['files'],
          params: IdParams,
          response: binary('The file as it lies on the disk', 'application/octet-stream'),
        },
      },
      async (request, reply) => {
        const source = await library.sourceFile(request.params.id)
        void reply.header('content-disposition', disposition('inline', source.filename))
        await sender.file(request, reply, {
          path: source.path,
          identity: source,
          stamp: source.stamp,
          type: mediaTypeOf(source.filename),
        })
      },
    )

    const preview = async (
      request: FastifyRequest,
      reply: FastifyReply,
      { id, rendition, name }: { id: string; rendition?: string; name: string },
      query: { start?: number; end?: number },
    ): Promise<void> => {
      const resource = streamResource(rendition, name)
      const window = windowIn(query)
      const playable = { ...(await library.playable(id)), ...(window && { window }) }
      if (!(await deps.streams.opensNow(playable))) {
        // Looking at a file is a wish to see it: the preparing that a share would need begins here as well.
        deps.prepare(id).catch((error: unknown) => {
          deps.log.warn({ fileId: id, err: messageOf(error) }, 'a preview could not be prepared')
        })
        throw new AppError('busy', 'This file is being prepared for playing. Try again in a moment.')
      }
      await sendStream(request, reply, deps, playable, resource, window && windowQuery(window))
    }
    const schema = {
      summary: "The owner's preview of a file as HLS",
      tags: ['files'],
      querystring: StreamQuery,
      params: StreamParams,
      response: binary('A playlist or a segment', PLAYLIST_TYPE, SEGMENT_TYPE),
    }
    app.get(
      '/files/:id/cut',
      {
        schema: {
          summary: 'What the clip of a part of a file takes, before it is made',
          tags: ['files'],
          params: IdParams,
          querystring: Type.Object({ start: Second, end: Second }),
          response: { 200: Cut },
        },
      },
      async (request, reply) => {
        const window = windowOf(request.query)
        const playable = { ...(await library.playable(request.params.id)), window }
        const cost = await deps.streams.clipCost(playable, clientSignal(reply))
        return {
          exact: cost.exact,
          copied_seconds: cost.copiedS,
          encoded_seconds: cost.encodedS,
          first_keyframe: cost.firstKeyframeS,
          estimate_seconds: cost.estimateS,
        }
      },
    )
    app.get('/files/:id/stream/:name', { schema }, (request, reply) =>
      preview(request, reply, request.params, request.query),
    )
    app.get('/files/:id/stream/:rendition/:name', { schema }, (request, reply) =>
      preview(request, reply, request.params, request.query),
    )
  }
