import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { IdParams } from '../../../shared/api/common.ts'
import { NewPassword } from '../../../shared/api/member.ts'
import { AppError } from '../../base/errors.ts'
import type { Deps } from '../deps.ts'
import { sendError, setRetryAfter, toAppError } from '../error-handler.ts'
import { renderInvite, renderSignedIn, renderSignIn, renderUnlock } from '../form-pages.ts'
import { formGuard, portOf } from '../guards.ts'
import { renderInviteOver } from '../message-page.ts'
import type { PageAnswers } from '../page-answers.ts'
import { setPageHeaders } from '../page-policy.ts'
import { returnPath } from '../return-path.ts'
import { clearMember, memberIdIn, passesIn, setMember, setUnlocked } from '../viewer-cookies.ts'

type SignInDeps = Pick<Deps, 'shares' | 'sessions' | 'signIn' | 'invites' | 'health'> & {
  answers: PageAnswers
}

/** Forms are short; what is longer is none of ours. In bytes. */
const MAX_FORM_BYTES = 16 * 1024
const text = (maxLength: number) => Type.String({ maxLength })
const ReturnTo = { return_to: Type.Optional(text(2_000)) }
const SignInForm = Type.Object({ name: text(200), password: text(1_000), ...ReturnTo })
const SignOutForm = Type.Object({ everywhere: Type.Optional(Type.String()), ...ReturnTo })
const InviteForm = Type.Object({ name: text(100), password: NewPassword })
const UnlockForm = Type.Object({ password: text(1_000), ...ReturnTo })
const FIELDS_OF_INVITE = 'Choose a name, and a password of 8 characters or more.'
const CodeParams = Type.Object({ code: Type.String() })

/** Signing in and out, joining by invitation, and unlocking a share, as forms that need no script. */
export const signInRoutes =
  ({ shares, sessions, signIn, invites, health, answers }: SignInDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: MAX_FORM_BYTES },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    )
    app.addHook('onRequest', async (_request, reply) => setPageHeaders(reply, 'none'))
    app.addHook(
      'onRequest',
      formGuard(() => health().public_url),
    )
    app.setErrorHandler((error, request, reply) => answers.failed(error, request, reply))

    /** Shows the form again with what was wrong, unless that is nothing to try again. */
    const again = (
      reply: FastifyReply,
      error: unknown,
      render: (failed: string) => Parameters<PageAnswers['form']>[2],
    ): FastifyReply => {
      const known = toAppError(error)
      if (!known || known.status >= 500 || known.code === 'not_found') throw error
      setRetryAfter(reply, known)
      return answers.form(reply, known.status, render(known.message))
    }
    const goTo = (reply: FastifyReply, path: string): FastifyReply =>
      reply.header('cache-control', 'no-store').redirect(path, 303)
    const memberOf = (request: FastifyRequest) => passesIn(request, sessions).find((it) => 'memberId' in it)

    app.get('/sign-in', { schema: { querystring: Type.Object(ReturnTo) } }, async (request, reply) => {
      const member = memberOf(request)
      const name = member && signIn.nameOf(member)
      const returnTo = returnPath(request.query.return_to)
      return name === undefined
        ? answers.form(reply, 200, (tags) => renderSignIn({ returnTo }, tags))
        : answers.form(reply, 200, (tags) => renderSignedIn(name, tags))
    })

    app.post('/sign-in', { schema: { body: SignInForm } }, async (request, reply) => {
      const { name, password } = request.body
      const returnTo = returnPath(request.body.return_to)
      try {
        const id = await signIn.member({ name, password }, portOf(request), memberIdIn(request))
        setMember(request, reply, id)
        return await goTo(reply, returnTo ?? '/sign-in')
      } catch (error) {
        return again(reply, error, (failed) => (tags) => renderSignIn({ returnTo, name, failed }, tags))
      }
    })

    app.post('/sign-out', { schema: { body: SignOutForm } }, async (request, reply) => {
      const id = memberIdIn(request)
      if (id !== undefined) signIn.end(id, request.body.everywhere !== undefined)
      clearMember(request, reply)
      return goTo(reply, returnPath(request.body.return_to) ?? '/sign-in')
    })

    const inviteFailed = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
      if (toAppError(error)?.code === 'not_found') answers.form(reply, 404, renderInviteOver)
      else answers.failed(error, request, reply)
    }
    const forInvite = { schema: { params: CodeParams }, errorHandler: inviteFailed }
    app.get('/invite/:code', forInvite, async (request, reply) => {
      const { code } = request.params
      const invite = invites.open(code)
      return answers.form(reply, 200, (tags) => renderInvite({ code, ...invite }, tags))
    })

    app.post(
      '/invite/:code',
      {
        schema: { params: CodeParams, body: InviteForm },
        attachValidation: true,
        errorHandler: inviteFailed,
      },
      async (request, reply) => {
        const { code } = request.params
        const { name, password } = request.body
        const invite = invites.open(code)
        try {
          // What browsers say by themselves, before they send the form.
          if (request.validationError) throw new AppError('bad_request', FIELDS_OF_INVITE)
          const memberId = await invites.accept(code, { name, password })
          setMember(request, reply, signIn.begin(memberId, memberIdIn(request)))
          return await goTo(reply, '/sign-in')
        } catch (error) {
          const shown = { code, ...invite, ...(invite.isReset ? {} : { name }) }
          return again(reply, error, (failed) => (tags) => renderInvite({ ...shown, failed }, tags))
        }
      },
    )

    app.post(
      '/share/:id/unlock',
      {
        schema: { params: IdParams, body: UnlockForm },
        errorHandler: (error, request, reply) => {
          // Programs, which send JSON, are answered in it.
          const known = toAppError(error)
          if (known && known.status < 500 && !isForm(request)) sendError(reply, known)
          else answers.failed(error, request, reply)
        },
      },
      async (request, reply) => {
        const { id: shareId } = request.params
        const { password } = request.body
        const returnTo = returnPath(request.body.return_to) ?? `/share/${encodeURIComponent(shareId)}`
        try {
          const id = await shares.unlock(shareId, password, portOf(request))
          if (id !== null) setUnlocked(request, reply, { id, shareId })
        } catch (error) {
          if (!isForm(request) || !mayTryAgain(error)) throw error
          return again(reply, error, (failed) => (tags) => renderUnlock({ shareId, returnTo, failed }, tags))
        }
        if (isForm(request)) return goTo(reply, returnTo)
        return reply.header('cache-control', 'no-store').send({ id: shareId })
      },
    )
  }

const isForm = (request: FastifyRequest): boolean =>
  request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false

/** True for a failure that another password, or another moment, may change. */
const mayTryAgain = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'password_required' || error.status === 429)
