import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ErrorCode } from '../../shared/api/error.ts'
import { AppError } from '../base/errors.ts'
import { withoutSecrets, type Log } from '../base/log.ts'
import { setRetryAfter, toAppError } from './error-handler.ts'
import { renderMessagePage } from './message-page.ts'
import type { PageTags } from './page-shell.ts'
import { plainPage } from './plain-page.ts'

/** How the share listener answers people, who come for pages and not for JSON. */
export interface PageAnswers {
  /** Sends a page; one that says so when nothing was built. */
  page(reply: FastifyReply, status: number, render: (tags: PageTags) => string): FastifyReply
  /** Sends a page with a form: kept by nobody. Its post must name where it comes from, to us alone. */
  form(reply: FastifyReply, status: number, render: (tags: PageTags) => string): FastifyReply
  /** Sends the page of a failure; `minimal` is for a frame. */
  message(reply: FastifyReply, error: AppError, options?: { minimal?: boolean }): void
  /** The same of whatever was thrown; bugs are logged. */
  failed(error: unknown, request: FastifyRequest, reply: FastifyReply): void
}

const NOT_BUILT = plainPage(
  'Matinee is not built yet',
  'The owner of this computer has to run <code>npm run build</code> in its folder.',
)

/** Makes them; `tags` is null where nothing was built. */
export function pageAnswers(tags: PageTags | null, log: Log): PageAnswers {
  const page: PageAnswers['page'] = (reply, status, render) =>
    tags ? reply.code(status).type('text/html; charset=utf-8').send(render(tags)) : NOT_BUILT.send(reply, 503)
  const message: PageAnswers['message'] = (reply, error, options) => {
    // A token that does not hold leads as little anywhere as an id that nobody has.
    const code: ErrorCode = error.code === 'forbidden' ? 'not_found' : error.code
    setRetryAfter(reply, error)
    void reply.header('cache-control', 'no-store')
    page(reply, new AppError(code, '').status, (them) => renderMessagePage(code, them, options))
  }
  return {
    page,
    message,
    form(reply, status, render) {
      // With `no-referrer` a browser would send `Origin: null` (Fetch, "append a request Origin header").
      void reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'same-origin' })
      return page(reply, status, render)
    },
    failed(error, request, reply) {
      const known = toAppError(error)
      if (!known || known.status >= 500) {
        log.error({ err: error, url: withoutSecrets(request.url) }, 'a share page failed')
      }
      message(reply, known ?? new AppError('internal', ''))
    },
  }
}
