import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ViewerSession, ViewerSessions } from '../auth/viewer-sessions.ts'
import { portOf } from './guards.ts'

/** Browsers keep a cookie no longer than this, in seconds (RFC 6265bis section 5.5). The session ends by the store. */
const COOKIE_S = 400 * 86_400

/** Name of a member's cookie on a listener. Cookies ignore ports, so the name carries it. */
export const memberCookie = (port: number): string => `matinee_member_${port}`
/** Name of the cookie of one unlocked share; its path says which. */
const unlockCookie = (port: number): string => `matinee_unlock_${port}`

/** The secret id in a request's member cookie. */
export const memberIdIn = (request: FastifyRequest): string | undefined =>
  request.cookies[memberCookie(portOf(request))]

/** What a visitor of a page has earned: the living sessions of their cookies. */
export function passesIn(request: FastifyRequest, sessions: Pick<ViewerSessions, 'find'>): ViewerSession[] {
  const port = portOf(request)
  return [memberCookie(port), unlockCookie(port)].flatMap((name) => {
    const id = request.cookies[name]
    const session = id === undefined ? undefined : sessions.find(id)
    return session ? [session] : []
  })
}

/** Gives a browser the session of a member. */
export function setMember(request: FastifyRequest, reply: FastifyReply, id: string): void {
  void reply.setCookie(memberCookie(portOf(request)), id, {
    ...flagsFor(request),
    path: '/',
    maxAge: COOKIE_S,
  })
}

/** Gives a browser the session of a share that it unlocked, for the page of that share alone. */
export function setUnlocked(
  request: FastifyRequest,
  reply: FastifyReply,
  { id, shareId }: { id: string; shareId: string },
): void {
  const path = `/share/${shareId}`
  void reply.setCookie(unlockCookie(portOf(request)), id, { ...flagsFor(request), path, maxAge: COOKIE_S })
}

/** Takes a member's session from a browser. */
export function clearMember(request: FastifyRequest, reply: FastifyReply): void {
  void reply.clearCookie(memberCookie(portOf(request)), { ...flagsFor(request), path: '/' })
}

/**
 * No script reads it, and no other site sends it along but with a click on a link. `Secure` where the browser says that
 * the page came by https: a header that a guest makes up changes their own cookie and nobody else's (S33).
 */
const flagsFor = ({ headers }: FastifyRequest) => ({
  httpOnly: true,
  sameSite: 'lax' as const,
  secure: headers.origin?.startsWith('https://') ?? false,
})
