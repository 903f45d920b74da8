import type { FastifyRequest } from 'fastify'
import { AppError } from '../base/errors.ts'

/**
 * The token of a media address, which has one spelling only: an escaped one is refused, so that no cache or log sees
 * the same right under two names (S4). Throws AppError `forbidden`; `not_found` for an escaped id.
 */
export function tokenIn(request: FastifyRequest, token: string): string {
  if (token === '') throw new AppError('forbidden', 'This link is not valid.')
  const spelled = request.url.split('/', 3)[2]?.split('?', 1)[0] ?? ''
  if (!spelled.includes('%')) return token
  throw token.includes('.')
    ? new AppError('forbidden', 'This link is not valid.')
    : new AppError('not_found', 'There is no such share.')
}

/** The token of an address that ends like the name of a file. Throws AppError `not_found` for another end, as `tokenIn`. */
export function tokenBefore(request: FastifyRequest, file: string, suffix: string): string {
  if (!file.endsWith(suffix)) throw new AppError('not_found', 'There is nothing at this address.')
  return tokenIn(request, file.slice(0, -suffix.length))
}
