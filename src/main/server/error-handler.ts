import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { ErrorBody } from '../../shared/api/error.ts'
import { AppError, systemCode } from '../base/errors.ts'
import { withoutSecrets, type Log } from '../base/log.ts'
import { setPlainHeaders } from './headers.ts'

/** Seconds after which a client may try again, told with 429 and 503 that know no better. */
const RETRY_AFTER_S = 2

/** Fastify's own refusals, in our words. Its other 4xx are plain bad requests. */
const FASTIFY_ERRORS: Readonly<Record<string, AppError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: new AppError('too_large', 'The body is larger than 1 MiB.'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: new AppError(
    'unsupported_content_type',
    'The body must be JSON, sent as application/json.',
  ),
  FST_ERR_CTP_INVALID_JSON_BODY: new AppError('bad_request', 'The body is not valid JSON.'),
  FST_ERR_BAD_URL: new AppError('bad_request', 'The address is not a valid URL.'),
  FST_ERR_MAX_PARAM_LENGTH: new AppError('bad_request', 'The address is too long.'),
}

/** System and SQLite errors that are no bug but the state of the machine. */
const SYSTEM_ERRORS: Readonly<Record<string, AppError>> = {
  ENOSPC: new AppError('disk_full', 'The disk is full.'),
  EDQUOT: new AppError('disk_full', 'The disk is full.'),
  SQLITE_FULL: new AppError('disk_full', 'The disk is full.'),
  SQLITE_BUSY: new AppError('busy', 'Matinee is busy. Try again in a moment.'),
  EMFILE: new AppError('busy', 'Too many files are open. Try again in a moment.'),
  ENFILE: new AppError('busy', 'Too many files are open. Try again in a moment.'),
}

/** The one mapping of what was thrown to what is answered; undefined is a bug. */
export function toAppError(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error
  const code = systemCode(error) ?? ''
  const known = FASTIFY_ERRORS[code] ?? SYSTEM_ERRORS[code]
  if (known) return known
  const status = (error as Partial<FastifyError>).statusCode ?? 500
  if (status >= 400 && status < 500) return new AppError('bad_request', 'The request cannot be read.')
  return undefined
}

/** Makes the handler of all that routes and hooks throw. Bugs answer 500 and are logged with their cause. */
export function errorHandler(log: Log) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const { socket } = request.raw
    // Whoever asked has left: nobody to answer, and what their leaving broke off is no failure.
    if (socket.destroyed || reply.raw.destroyed) {
      reply.hijack()
      return
    }
    const known = toAppError(error)
    if (!known || known.status >= 500) {
      const asked = { method: request.method, url: withoutSecrets(request.url) }
      if (known) log.info({ ...asked, code: known.code }, known.message)
      else log.error({ ...asked, err: error }, 'a request failed by a bug')
    }
    sendError(reply, known ?? new AppError('internal', 'Something went wrong inside Matinee.'))
  }
}

/** Says when to come again, where that is all that is wrong (RFC 9110 section 10.2.3). */
export function setRetryAfter(reply: FastifyReply, { status, retryAfterS = RETRY_AFTER_S }: AppError): void {
  if (status === 429 || status === 503) void reply.header('retry-after', retryAfterS)
}

/** Answers with a failure: its status, its body, never cached. */
export function sendError(reply: FastifyReply, error: AppError): void {
  setPlainHeaders(reply)
  setRetryAfter(reply, error)
  // What is left of an oversized body is not worth reading.
  if (error.status === 413) void reply.header('connection', 'close')
  for (const name of ['etag', 'last-modified', 'content-disposition']) reply.removeHeader(name)
  const body: ErrorBody = { error: error.message, code: error.code, ...error.extra }
  void reply
    .code(error.status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .serializer((it: ErrorBody) => JSON.stringify(it))
    .send(body)
}
