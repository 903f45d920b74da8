import type { FastifyReply } from 'fastify'

/** A signal that is aborted when the client leaves before its answer is out: work for it alone can stop then. */
export function clientSignal(reply: FastifyReply): AbortSignal {
  const response = reply.raw
  const abort = new AbortController()
  if (response.destroyed) abort.abort()
  response.once('close', () => {
    if (!response.writableFinished) abort.abort()
  })
  return abort.signal
}
