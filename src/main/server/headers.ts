import type { FastifyReply } from 'fastify'

/** Policy of what is not a page: nothing loads, nothing runs, nobody frames it. */
const NOT_A_PAGE = "default-src 'none'; frame-ancestors 'none'"

/**
 * The headers of every answer (S28, S23). A page sets its own Content-Security-Policy over this one, and a page that
 * may be framed removes `X-Frame-Options`.
 */
export function setPlainHeaders(reply: FastifyReply): void {
  void reply.headers({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
    'content-security-policy': NOT_A_PAGE,
  })
}
