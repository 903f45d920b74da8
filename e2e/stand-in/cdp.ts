import { EventEmitter } from 'node:events'
import type { CDPSession } from 'playwright'

/** One target of a browser, spoken to in the DevTools protocol; typed as Playwright types it. */
export type CdpSession = Pick<CDPSession, 'send' | 'on'>

/** A browser: itself, and its targets by the id of the session. */
export type Cdp = { root: CdpSession; session: (id: string) => CdpSession }

/** What the browser would not do: most often, because the page it was asked of is gone by then. */
export class CdpError extends Error {
  override readonly name = 'CdpError'
}

/** Lets a page be gone that something was still on its way to. Throws every other error again. */
export function allowGone(error: unknown): void {
  if (!(error instanceof CdpError)) throw error
}

type Message = {
  id?: number
  sessionId?: string
  method?: string
  params?: unknown
  result?: unknown
  error?: { message: string }
}

/**
 * Connects to a browser's DevTools. Playwright does the same for the test, but resumes each new page by itself: the
 * stand-in has to look at them before they load anything.
 */
export async function connectCdp(endpoint: string): Promise<Cdp> {
  const socket = new WebSocket(endpoint)
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const sessions = new Map<string | undefined, { emitter: EventEmitter; session: CdpSession }>()
  let lastId = 0

  const of = (sessionId: string | undefined) => {
    const known = sessions.get(sessionId)
    if (known) return known
    const emitter = new EventEmitter().setMaxListeners(0)
    const session = {
      on: (event: string, listener: (payload: unknown) => void) => emitter.on(event, listener),
      send(method: string, params: object = {}) {
        const answer = Promise.withResolvers<unknown>()
        waiting.set(++lastId, answer)
        socket.send(JSON.stringify({ id: lastId, method, params, sessionId }))
        return answer.promise
      },
    } as unknown as CdpSession
    const made = { emitter, session }
    sessions.set(sessionId, made)
    return made
  }

  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message
    if (message.id === undefined) {
      if (message.method) of(message.sessionId).emitter.emit(message.method, message.params)
      return
    }
    const answer = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.error) answer?.reject(new CdpError(message.error.message))
    else answer?.resolve(message.result)
  })
  socket.addEventListener('close', () => {
    for (const { reject } of waiting.values()) reject(new CdpError('the browser is gone'))
  })
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', () => {
      reject(new Error('no connection to the browser'))
    })
  })
  return { root: of(undefined).session, session: (id) => of(id).session }
}
