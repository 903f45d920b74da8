import type { ServerResponse } from 'node:http'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { binary } from '../binary.ts'
import type { Deps } from '../deps.ts'

/** Proxies and the idle limit of a listener close connections that say nothing. */
const KEEP_ALIVE_MS = 15_000
/** What may wait for one reader; more means that it does not read, and it is let go: it comes back and reads anew. */
const MAX_WAITING_BYTES = 1024 * 1024

/**
 * `/v1/events` (Server-Sent Events): one message per event, its data the `EngineEvent`. What happened while a client
 * was away is not told again: it reads the lists anew when the connection opens.
 */
export const eventRoutes =
  ({ events }: Pick<Deps, 'events'>): FastifyPluginAsyncTypebox =>
  async (app) => {
    const readers = new Set<ServerResponse>()
    app.addHook('preClose', async () => {
      for (const reader of readers) reader.end()
    })

    app.get(
      '/events',
      {
        schema: {
          summary: 'Tells changes as they happen (Server-Sent Events)',
          tags: ['system'],
          response: binary('One message per event, its data the event as JSON', 'text/event-stream'),
        },
      },
      async (request, reply) => {
        void reply.headers({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' })
        const response = reply.raw
        const { socket } = request.raw
        reply.hijack()
        if (socket.destroyed || response.destroyed) return
        response.writeHead(200, reply.getHeaders() as Record<string, string>)
        if (request.method === 'HEAD') {
          response.end()
          return
        }

        const write = (text: string): void => {
          response.write(text)
          if (response.writableLength > MAX_WAITING_BYTES) socket.destroy()
        }
        write(`retry: 2000\n: welcome\n\n`)
        const stopListening = events.on((event) => write(`data: ${JSON.stringify(event)}\n\n`))
        const keepAlive = setInterval(() => write(': still here\n\n'), KEEP_ALIVE_MS)
        readers.add(response)
        response.once('close', () => {
          stopListening()
          clearInterval(keepAlive)
          readers.delete(response)
        })
      },
    )
  }
