import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isFresh } from './conditional.ts'

/** RFC 8216 section 4. */
export const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl'
/** WebVTT section 4.1; always UTF-8. */
export const SUBTITLE_TYPE = 'text/vtt; charset=utf-8'

/** Answers with a text under a tag made of it. */
export function sendText(request: FastifyRequest, reply: FastifyReply, text: string, type: string): void {
  const etag = etagOf([text])
  void reply.header('etag', etag)
  if (isFresh(request.headers, { etag })) void reply.code(304).send()
  else void reply.type(type).send(text)
}

/** A hash, so that the tag tells nothing of the file it stands for. */
export const etagOf = (parts: readonly (string | number)[]): string =>
  `"${createHash('sha256').update(parts.join('/')).digest('base64url').slice(0, 22)}"`
