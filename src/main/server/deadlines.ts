import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Limits } from './limits.ts'

/**
 * How long a request may take to arrive with its body. Node has one time for a whole listener, which would end a long
 * upload; here each request has its own.
 */
export interface Deadlines {
  /** From now on this request may take as long as it needs, while enough of it keeps coming. */
  byProgress(request: IncomingMessage): void
}

type DeadlineLimits = Pick<Limits, 'requestMs' | 'lingerMs' | 'progressMs' | 'progressBytes'>

/**
 * Holds the requests of `server` to their time. `hangUp` is called for one that took too long: it has the connection
 * to answer on, or only to close when an answer has begun.
 */
export function keepDeadlines(
  server: Server,
  limits: DeadlineLimits,
  hangUp: (request: IncomingMessage, isAnswered: boolean) => void,
): Deadlines {
  const timers = new Map<IncomingMessage, NodeJS.Timeout>()
  const responses = new WeakMap<IncomingMessage, ServerResponse>()
  const clear = (request: IncomingMessage): void => {
    clearTimeout(timers.get(request))
    timers.delete(request)
  }
  const set = (request: IncomingMessage, timer: NodeJS.Timeout): void => {
    clear(request)
    // Whoever stops the engine need not wait for it.
    timers.set(request, timer.unref())
  }
  const giveUp = (request: IncomingMessage): void => {
    clear(request)
    hangUp(request, responses.get(request)?.headersSent ?? true)
  }

  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!hasBody(request)) return
    responses.set(request, response)
    set(
      request,
      setTimeout(() => giveUp(request), limits.requestMs),
    )
    request.once('end', () => clear(request))
    request.once('close', () => clear(request))
    // A refusal goes out before the body is through. Hanging up at once would destroy the answer on its way to a
    // client that is still sending (RFC 9112 section 9.6), so what comes is thrown away for a moment.
    response.once('finish', () => {
      if (request.complete || request.destroyed) return
      request.resume()
      set(
        request,
        setTimeout(() => request.socket.destroy(), limits.lingerMs),
      )
    })
  })

  return {
    byProgress(request) {
      let before = request.socket.bytesRead
      const look = (): void => {
        const now = request.socket.bytesRead
        // Nothing is read while it waits for our disk: that is not the client's slowness.
        if (now - before < limits.progressBytes && !request.isPaused()) giveUp(request)
        before = now
      }
      if (timers.has(request)) set(request, setInterval(look, limits.progressMs))
    },
  }
}

/** True when a body follows the headers (RFC 9112 section 6.3). */
const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
