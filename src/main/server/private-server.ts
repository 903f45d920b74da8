import cookie from '@fastify/cookie'
import type { FastifyInstance } from 'fastify'
import { buildBaseServer } from './base-server.ts'
import type { Deps } from './deps.ts'
import { hostGuard, originGuard, ownerGuard } from './guards.ts'
import { LIMITS, type Limits } from './limits.ts'
import { addFileRoutes } from './routes/add-file.ts'
import { apiKeyRoutes } from './routes/api-keys.ts'
import { eventRoutes } from './routes/events.ts'
import { fileAroundRoutes } from './routes/file-around.ts'
import { exportRoutes } from './routes/export.ts'
import { fileMediaRoutes } from './routes/file-media.ts'
import { fileRoutes } from './routes/files.ts'
import { folderRoutes } from './routes/folders.ts'
import { jobRoutes } from './routes/jobs.ts'
import { managerRoutes } from './routes/manager.ts'
import { memberRoutes } from './routes/members.ts'
import { collectOpenapi, openapiRoutes } from './routes/openapi.ts'
import { segmentRoutes } from './routes/segments.ts'
import { settingsRoutes } from './routes/settings.ts'
import { shareRoutes } from './routes/shares.ts'
import { storageRoutes } from './routes/storage.ts'
import { systemRoutes } from './routes/system.ts'
import { createSender } from './send-file.ts'

/** Builds the private listener, for this computer alone: the file manager at `/`, the API below `/v1`. */
export function buildPrivateServer(deps: Deps, limits: Limits = LIMITS): FastifyInstance {
  const { app, notFound, deadlines } = buildBaseServer(deps.log, limits)
  const sender = createSender(deps.log)
  app.addHook('onClose', async () => sender.close())

  app.addHook('onRequest', hostGuard)
  app.addHook('onRequest', originGuard)
  app.addHook('onRequest', async (_request, reply) => {
    // Pages of other ports of this computer may not even show our pictures.
    void reply.header('cross-origin-resource-policy', 'same-origin')
  })
  void app.register(cookie)
  void app.register(managerRoutes(deps))
  void app.register(
    async (v1) => {
      v1.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'))
      v1.addHook('onRequest', ownerGuard(deps.owner))
      v1.setNotFoundHandler(notFound)
      await collectOpenapi(v1, deps.health().version)
      await v1.register(addFileRoutes({ ...deps, deadlines }))
      await v1.register(fileRoutes(deps))
      await v1.register(fileMediaRoutes({ ...deps, sender }))
      await v1.register(fileAroundRoutes({ ...deps, sender }))
      await v1.register(segmentRoutes({ ...deps, sender }))
      await v1.register(exportRoutes(deps))
      await v1.register(folderRoutes(deps))
      await v1.register(shareRoutes(deps))
      await v1.register(memberRoutes(deps))
      await v1.register(apiKeyRoutes(deps))
      await v1.register(jobRoutes({ ...deps, sender }))
      await v1.register(eventRoutes(deps))
      await v1.register(storageRoutes(deps))
      await v1.register(settingsRoutes(deps))
      await v1.register(systemRoutes(deps))
      await v1.register(openapiRoutes)
    },
    { prefix: '/v1' },
  )
  return app
}
