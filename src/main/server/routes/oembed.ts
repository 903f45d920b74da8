import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { AppError } from '../../base/errors.ts'
import type { Deps } from '../deps.ts'
import { oembedAnswer, shareIn } from '../embed.ts'

const Query = Type.Object({
  url: Type.String({ maxLength: 2_000 }),
  maxwidth: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  maxheight: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  format: Type.Optional(Type.String()),
})

/** `GET /oembed` on the share listener: how another site shows a public share. */
export const oembedRoutes =
  ({ shares }: Pick<Deps, 'shares'>): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get('/oembed', { schema: { querystring: Query } }, async (request, reply) => {
      // Editors ask from their own pages. Nothing private is ever told here.
      void reply.headers({ 'access-control-allow-origin': '*', 'cache-control': 'no-cache' })
      const { url, format = 'json', maxwidth, maxheight } = request.query
      if (format !== 'json') {
        throw new AppError('not_available', 'Embeds are described in JSON only: use format=json.')
      }
      const asked = shareIn(url)
      if (!asked) throw new AppError('not_found', 'This is not the address of a share.')
      const { share } = shares.open(asked.id, 'page')
      // The address that was asked about works for whoever asked, when it is one of ours.
      const origin = new URL(url).origin
      const pageUrl = share.links.find((it) => new URL(it.url).origin === origin)?.url ?? share.share_url
      return oembedAnswer(share, await shares.playback(share.id), {
        ...{ pageUrl, maxwidth, maxheight },
        times: asked.times,
      })
    })
  }
