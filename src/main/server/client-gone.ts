import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** One listener per connection, however many requests it pipelines: Node warns of more than ten. */
const watched = new WeakMap<Socket, Set<() => void>>()

/**
 * Calls `gone` when the connection closes. Returns the call that ends the watch. The connection is watched, not the
 * response: one that waits behind another on the same connection never hears that it was closed.
 */
export function onConnectionClosed(socket: Socket, gone: () => void): () => void {
  const watchers = watched.get(socket) ?? watch(socket)
  watchers.add(gone)
  return () => void watchers.delete(gone)
}

function watch(socket: Socket): Set<() => void> {
  const watchers = new Set<() => void>()
  watched.set(socket, watchers)
  socket.once('close', () => {
    for (const gone of watchers) gone()
  })
  return watchers
}

/** A signal that is aborted when the client leaves before its answer is out: work for it alone can stop then. */
export function clientSignal(request: FastifyRequest, reply: FastifyReply): AbortSignal {
  const { socket } = request.raw
  const abort = new AbortController()
  if (socket.destroyed) abort.abort()
  const stop = onConnectionClosed(socket, () => abort.abort())
  reply.raw.once('close', stop)
  return abort.signal
}
