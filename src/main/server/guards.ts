import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import type { Owner } from '../auth/owner.ts'
import { AppError } from '../base/errors.ts'

/** Methods that change nothing (RFC 9110 section 9.2.1). */
const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS']

/** Name of the owner's cookie on a listener. Cookies ignore ports, so the name carries it. */
export const sessionCookie = (port: number): string => `matinee_owner_${port}`

/** Port of the listener that a request came in by. */
export const portOf = (request: FastifyRequest): number => request.raw.socket.localPort ?? 0

/**
 * Only the machine's own names are answered. A web page can make a browser believe that its own name is 127.0.0.1
 * (DNS rebinding); it cannot make it send another `Host` than that name. S15.
 */
export const hostGuard: onRequestAsyncHookHandler = async (request) => {
  const port = portOf(request)
  const own = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]
  if (!own.includes((request.headers.host ?? '').toLowerCase())) {
    throw new AppError('misdirected_host', 'This address serves only this computer.')
  }
}

/**
 * Pages of other origins are refused, whatever they ask for and whatever they bring along: a browser names the origin
 * of a page that posts or reads across (CSRF). S17.
 */
export const originGuard: onRequestAsyncHookHandler = async (request) => {
  const { origin } = request.headers
  if (origin !== undefined && !isOwnOrigin(request, origin)) throw foreign()
}

/**
 * Makes the guard of `/v1`: an API key, or the session cookie of the file manager. A key that may only look is held to
 * the methods that change nothing: no route changes anything by another. The cookie alone does not prove who asks:
 * another port of this computer is the same site to a browser and gets it sent along. A call that changes something
 * must name our origin therefore, and one that a browser says comes from elsewhere is refused. S17, S18.
 */
export function ownerGuard(owner: Pick<Owner, 'scopeOf' | 'isSession'>): onRequestAsyncHookHandler {
  return async (request, reply) => {
    const { authorization, origin, 'sec-fetch-site': site } = request.headers
    // A key that is given must be right; a cookie beside it does not make up for it.
    if (authorization !== undefined) {
      const key = /^bearer +(\S+) *$/i.exec(authorization)?.[1]
      const scope = key === undefined ? undefined : owner.scopeOf(key)
      if (scope === 'read' && !SAFE_METHODS.includes(request.method)) {
        throw new AppError('forbidden', 'This key may look, and change nothing.')
      }
      if (scope !== undefined) return
    } else if (hasSession(request, owner)) {
      if (site !== undefined && site !== 'same-origin' && site !== 'none') throw foreign()
      if (!SAFE_METHODS.includes(request.method) && origin === undefined) throw foreign()
      return
    }
    void reply.header('www-authenticate', 'Bearer')
    throw new AppError('sign_in_required', 'An API key is needed: Authorization: Bearer <key>.')
  }
}

/** True when a request carries the cookie of a living session of the file manager. */
export function hasSession(request: FastifyRequest, owner: Pick<Owner, 'isSession'>): boolean {
  const id = request.cookies[sessionCookie(portOf(request))]
  return id !== undefined && owner.isSession(id)
}

/**
 * True when a request to the share listener comes from the owner's own browser. Nothing may depend on it but the count
 * of views: the cookie belongs to another listener.
 */
export function isOwnersBrowser(request: FastifyRequest, owner: Pick<Owner, 'isSession'>): boolean {
  return Object.entries(request.cookies).some(
    ([name, id]) => /^matinee_owner_\d+$/.test(name) && id !== undefined && owner.isSession(id),
  )
}

/**
 * Makes the guard of forms on the share listener: what a browser sends for another site is refused. It says so itself
 * where it tells `Sec-Fetch-Site`, which no page can write; elsewhere it names the origin, which must be the host that
 * was asked, or `publicUrl`, under which a reverse proxy may ask for us. A form that proves nothing is none of ours. S17.
 */
export function formGuard(publicUrl: () => string | undefined): onRequestAsyncHookHandler {
  return async (request) => {
    const { origin, host, 'sec-fetch-site': site, 'content-type': type = '' } = request.headers
    // JSON of another site would need a preflight, which nobody answers.
    if (SAFE_METHODS.includes(request.method) || type.startsWith('application/json')) return
    if (site !== undefined) {
      if (site !== 'same-origin') throw foreign()
    } else {
      const known = publicUrl()
      const asked = [
        `http://${host ?? ''}`,
        `https://${host ?? ''}`,
        ...(known ? [new URL(known).origin] : []),
      ]
      if (origin === undefined || !asked.includes(origin.toLowerCase())) throw foreign()
    }
  }
}

const isOwnOrigin = (request: FastifyRequest, origin: string): boolean =>
  origin.toLowerCase() === `http://${(request.headers.host ?? '').toLowerCase()}`

const foreign = (): AppError => new AppError('forbidden', 'Another site may not use this address.')
