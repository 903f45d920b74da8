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

/**
 * Writes the headers of a page. Only the minimal layout of a public share may stand in a frame of another site (S23);
 * `X-Frame-Options` says the same to browsers that do not know the policy.
 */
export function setPageHeaders(reply: FastifyReply, { framable }: { framable: boolean }): void {
  const ancestors = `frame-ancestors ${framable ? '*' : "'none'"}`
  void reply.header('content-security-policy', [...POLICY, ancestors].join('; '))
  if (framable) void reply.removeHeader('x-frame-options')
}
