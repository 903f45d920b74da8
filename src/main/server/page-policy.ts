import type { FastifyReply } from 'fastify'

/** What a share page may do: its own files, media of this listener, nothing inline (S22). */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'self'",
]

/** Who may show a page in a frame: nobody, any site, or those of a list of origins. */
export type Framing = 'none' | 'any' | readonly string[]

/**
 * Writes the headers of a page. Only the minimal layout of a public share may stand in a frame of another site (S23);
 * `X-Frame-Options` says the same to browsers that do not know the policy, and can name no sites.
 */
export function setPageHeaders(reply: FastifyReply, framing: Framing): void {
  const ancestors = framing === 'none' ? "'none'" : framing === 'any' ? '*' : framing.join(' ')
  void reply.header('content-security-policy', [...POLICY, `frame-ancestors ${ancestors}`].join('; '))
  if (framing !== 'none') void reply.removeHeader('x-frame-options')
}
