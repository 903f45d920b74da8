import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import Fastify, { type ConnectionError, type FastifyInstance } from 'fastify'
import { ERROR_STATUS, type ErrorBody, type ErrorCode } from '../../shared/api/error.ts'
import type { Log } from '../base/log.ts'
import { AppError } from '../base/errors.ts'
import { keepDeadlines, type Deadlines } from './deadlines.ts'
import { errorHandler, sendError, toAppError } from './error-handler.ts'
import { setPlainHeaders } from './headers.ts'
import type { Limits } from './limits.ts'
import { collectRoutes, type NotFoundHandler } from './not-found.ts'
import { checkJson, validatorCompiler } from './validation.ts'

/** Node refuses a longer request line and headers by itself (16 KiB); no path part can be longer than this. */
const MAX_PARAM_LENGTH = 16 * 1024

/**
 * Makes a listener that has no routes yet: limits, JSON bodies, validation, headers, and one shape for all failures,
 * also of requests that never became one. A scope with guards of its own sets `notFound` again, so that they guard
 * what is not there as well.
 */
export function buildBaseServer(
  log: Log,
  limits: Limits,
): { app: FastifyInstance; notFound: NotFoundHandler; deadlines: Deadlines } {
  const app = Fastify({
    bodyLimit: limits.bodyBytes,
    // Node's is one for all requests; `keepDeadlines` makes exceptions.
    requestTimeout: 0,
    keepAliveTimeout: limits.keepAliveMs,
    connectionTimeout: limits.idleMs,
    http: {
      headersTimeout: limits.headersMs,
      connectionsCheckingInterval: limits.checkMs,
      keepAliveTimeoutBuffer: 0,
    },
    // Viewers in the middle of a download do not keep Matinee from stopping.
    forceCloseConnections: true,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: (error, _request, reply) => {
      sendError(reply, toAppError(error) ?? new AppError('internal', 'Something went wrong inside Matinee.'))
    },
    clientErrorHandler: answerBrokenRequest,
  })
  app.server.maxConnections = limits.connections
  const deadlines = keepDeadlines(app.server, limits, ({ socket }, isAnswered) => {
    if (isAnswered) socket.destroy()
    else answerAndHangUp(socket, TOO_SLOW)
  })

  app.setValidatorCompiler(validatorCompiler)
  app.setErrorHandler(errorHandler(log))
  app.addHook('onRequest', async (_request, reply) => setPlainHeaders(reply))
  const notFound = collectRoutes(app)
  app.setNotFoundHandler(notFound)

  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    // Clients send the type also where there is nothing to send; the route's schema says whether that is enough.
    if (text.length === 0) {
      done(null, undefined)
      return
    }
    void parseJson(request, String(text), (error, value: unknown) => {
      try {
        if (error) throw new AppError('bad_request', 'The body is not valid JSON.', { cause: error })
        checkJson(value)
        done(null, value)
      } catch (refusal) {
        done(refusal as Error)
      }
    })
  })
  return { app, notFound, deadlines }
}

type Refusal = { code: ErrorCode; status?: number; error: string }

const TOO_SLOW: Refusal = {
  code: 'bad_request',
  status: 408,
  error: 'The request took too long to arrive.',
}

/** Node's own reasons to give up on a connection. */
const BROKEN: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: TOO_SLOW,
  HPE_HEADER_OVERFLOW: { code: 'too_large', status: 431, error: 'The headers are too long.' },
}

/** Answers bytes that are no request, in the shape of all failures, and hangs up. */
function answerBrokenRequest(failure: ConnectionError, socket: Socket): void {
  if (failure.code === 'ECONNRESET') socket.destroy()
  else {
    const known = BROKEN[failure.code]
    answerAndHangUp(socket, known ?? { code: 'bad_request', error: 'This is not a valid HTTP request.' })
  }
}

function answerAndHangUp(socket: Socket, { code, status = ERROR_STATUS[code], error }: Refusal): void {
  if (socket.writable) {
    const body = JSON.stringify({ error, code } satisfies ErrorBody)
    socket.write(
      [
        `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
        'content-type: application/json; charset=utf-8',
        `content-length: ${Buffer.byteLength(body)}`,
        'cache-control: no-store',
        'x-content-type-options: nosniff',
        'connection: close',
        '',
        body,
      ].join('\r\n'),
    )
  }
  socket.destroy()
}
