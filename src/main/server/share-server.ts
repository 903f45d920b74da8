import cookie from '@fastify/cookie'
import type { FastifyInstance } from 'fastify'
import { buildBaseServer } from './base-server.ts'
import type { Deps } from './deps.ts'
import { LIMITS, type Limits } from './limits.ts'
import { allowAnyOrigin } from './media-scope.ts'
import { cardRoutes } from './routes/card.ts'
import { downloadRoutes } from './routes/download.ts'
import { playbackRoutes } from './routes/playback.ts'
import { posterRoutes } from './routes/poster.ts'
import { sharePageRoutes } from './routes/share-page.ts'
import { streamRoutes } from './routes/stream.ts'
import { createSender } from './send-file.ts'

/**
 * Builds the share listener, the one that guests reach: pages, streams, posters, downloads. The file manager and the
 * API are not routed here at all (S19). Every route goes through `shares.open` or `shares.playback`.
 */
export function buildShareServer(deps: Deps, limits: Limits = LIMITS): FastifyInstance {
  const { app } = buildBaseServer(deps.log, limits)
  const sender = createSender(deps.log)
  app.addHook('onClose', async () => sender.close())

  void app.register(cookie)
  void app.register(sharePageRoutes(deps))
  void app.register(playbackRoutes(deps))
  void app.register(async (media) => {
    allowAnyOrigin(media)
    await media.register(streamRoutes({ ...deps, sender }))
    await media.register(posterRoutes({ ...deps, sender }))
    await media.register(cardRoutes({ ...deps, sender }))
    await media.register(downloadRoutes({ ...deps, sender }))
  })
  return app
}
