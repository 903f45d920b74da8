import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { cacheFor } from '../media-scope.ts'
import type { Sender } from '../send-file.ts'
import { assertPrepared, sendStream } from '../send-stream.ts'
import { shareSource } from '../share-source.ts'
import { streamResource } from '../stream-resource.ts'
import { tokenIn } from '../token-in.ts'
import { Type } from 'typebox'

type StreamDeps = Pick<Deps, 'shares' | 'library' | 'copies' | 'streams' | 'around' | 'log'> & {
  sender: Sender
}
type StreamParams = { token: string; rendition?: string; name: string }

const schema = {
  params: Type.Object({
    token: Type.String(),
    rendition: Type.Optional(Type.String()),
    name: Type.String(),
  }),
}

/** `/stream/<token>/…` on the share listener: a share as HLS. The token is the guard, asked on every request. */
export const streamRoutes =
  (deps: StreamDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const source = shareSource(deps)
    const send = async (
      request: FastifyRequest,
      reply: FastifyReply,
      { token, rendition, name }: StreamParams,
    ): Promise<void> => {
      const opened = deps.shares.open(tokenIn(request, token), 'stream')
      const resource = streamResource(rendition, name)
      const playable = await source.playable(opened)
      await assertPrepared(deps, playable)
      void reply.header('cache-control', cacheFor(opened.guarded))
      await sendStream(request, reply, deps, playable, resource)
    }
    app.get('/stream/:token/:name', { schema }, (request, reply) => send(request, reply, request.params))
    app.get('/stream/:token/:rendition/:name', { schema }, (request, reply) =>
      send(request, reply, request.params),
    )
  }
