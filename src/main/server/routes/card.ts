import { basename } from 'node:path'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { AppError } from '../../base/errors.ts'
import { within } from '../../base/within.ts'
import type { Deps } from '../deps.ts'
import { cacheFor } from '../media-scope.ts'
import type { Sender } from '../send-file.ts'
import { etagOf } from '../send-text.ts'
import { shareSource } from '../share-source.ts'
import { tokenBefore } from '../token-in.ts'

const schema = { params: Type.Object({ file: Type.String() }) }

/** A film that was dropped from the cache is waited for so long, in ms. */
const PATIENCE_MS = 20_000

/**
 * `/card-picture/<token>.jpg` and `/card-film/<token>.mp4` on the share listener: what chats show of a share. Its owner
 * can take the picture or the film off the card of a private one; the addresses are dead then.
 */
export const cardRoutes =
  ({
    shares,
    sender,
    ...deps
  }: Pick<Deps, 'shares' | 'library' | 'copies'> & { sender: Sender }): FastifyPluginAsyncTypebox =>
  async (app) => {
    const source = shareSource(deps)
    app.get('/card-picture/:file', { schema }, async (request, reply) => {
      const opened = shares.open(tokenBefore(request, request.params.file, '.jpg'), 'card_picture')
      const path = await source.poster(opened, 'card')
      void reply.header('cache-control', cacheFor(opened.guarded))
      await sender.file(request, reply, { path, type: 'image/jpeg' })
    })
    app.get('/card-film/:file', { schema }, async (request, reply) => {
      const key = tokenBefore(request, request.params.file, '.mp4')
      const { guarded } = shares.open(key, 'card_film')
      const path =
        (await shares.findCardFilm(key)) ?? (await within(shares.makeCardFilm(key), PATIENCE_MS, notYet))
      void reply.header('cache-control', cacheFor(guarded))
      // Its time tells when it was last used, which is nothing to tell versions apart by.
      await sender.file(request, reply, { path, type: 'video/mp4', etag: etagOf([basename(path)]) })
    })
  }

const notYet = (): AppError => new AppError('busy', 'The film is being made. Try again in a moment.')
