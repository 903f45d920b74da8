import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isFresh } from './conditional.ts'

/** Gives a JSON answer a tag made of its bytes, and answers 304 to a client that has these already. */
export async function etagOnSend(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  if (reply.statusCode !== 200 || typeof payload !== 'string') return payload
  const etag = `"${createHash('sha256').update(payload).digest('base64url').slice(0, 22)}"`
  void reply.header('etag', etag)
  if (!isFresh(request.headers, { etag })) return payload
  void reply.code(304).removeHeader('content-length')
  return ''
}
