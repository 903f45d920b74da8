import { randomBytes } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { SESSION_LIFE_MS } from '../../auth/owner.ts'
import { assetRoutes, loadPage } from '../assets.ts'
import type { Deps } from '../deps.ts'
import { hasSession, portOf, sessionCookie } from '../guards.ts'
import { plainPage } from '../plain-page.ts'

/**
 * What the file manager may do: its own code, its own listener, pictures and video it makes itself. react-aria writes
 * a style element of its own; `nonce` lets that one apply and no other.
 */
const managerPolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/** Tells the page its nonce, where react-aria looks for it. */
const withNonce = (html: string, nonce: string): string =>
  html.replace('<head>', `<head>\n    <meta property="csp-nonce" nonce="${nonce}" />`)

const NOT_BUILT = plainPage(
  'Matinee is not built yet',
  'Run <code>npm run build</code> in its folder and start Matinee again.',
)
const SIGNED_OUT = plainPage(
  'Open Matinee from its terminal',
  'Use the link that is printed where Matinee was started, or run <code>npx matinee open</code> for a new one.',
)
const LINK_USED = plainPage(
  'This link does not work any more',
  'It opens Matinee once, within ten minutes. Run <code>npx matinee open</code> for a new one.',
)

/** `/` on the private listener: the file manager, for whoever came by a launch link before. */
export const managerRoutes =
  ({ owner, rendererDir }: Pick<Deps, 'owner' | 'rendererDir'>): FastifyPluginAsyncTypebox =>
  async (app) => {
    const page = await loadPage(rendererDir, 'index.html')
    if (page) await app.register(assetRoutes(page))

    app.get(
      '/',
      { schema: { hide: true, querystring: Type.Object({ launch: Type.Optional(Type.String()) }) } },
      async (request, reply) => {
        void reply.headers({ 'cache-control': 'no-store', 'cross-origin-opener-policy': 'same-origin' })
        const { launch } = request.query
        if (launch !== undefined) {
          // A chat or mail program that looks ahead with HEAD must not use the link up.
          const session = request.method === 'GET' ? owner.redeemLaunchToken(launch) : undefined
          if (session === undefined && !hasSession(request, owner)) return LINK_USED.send(reply, 401)
          if (session !== undefined) {
            void reply.setCookie(sessionCookie(portOf(request)), session, {
              path: '/',
              httpOnly: true,
              sameSite: 'strict',
              maxAge: SESSION_LIFE_MS / 1000,
            })
          }
          return reply.redirect('/', 302)
        }
        if (!hasSession(request, owner)) return SIGNED_OUT.send(reply, 401)
        if (!page) return NOT_BUILT.send(reply, 503)
        const nonce = randomBytes(16).toString('base64url')
        return reply
          .header('content-security-policy', managerPolicy(nonce))
          .type('text/html; charset=utf-8')
          .send(withNonce(page.html, nonce))
      },
    )
  }
