import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { IdParams } from '../../../shared/api/common.ts'
import type { Playback } from '../../../shared/api/share.ts'
import { hardClipIn, type LinkTimes, type Moment } from '../../../shared/link-times.ts'
import { AppError } from '../../base/errors.ts'
import type { Pass } from '../../shares/access.ts'
import { assetRoutes, loadPage } from '../assets.ts'
import type { Deps } from '../deps.ts'
import { toAppError } from '../error-handler.ts'
import { renderSignIn, renderUnlock } from '../form-pages.ts'
import { pageAnswers } from '../page-answers.ts'
import { createPageCard } from '../page-card.ts'
import { setPageHeaders } from '../page-policy.ts'
import { tagsOf } from '../page-shell.ts'
import { returnPath } from '../return-path.ts'
import { renderSharePage } from '../share-page.ts'
import { shareSource } from '../share-source.ts'
import { isUnfurler } from '../unfurlers.ts'
import { passesIn } from '../viewer-cookies.ts'
import { oembedRoutes } from './oembed.ts'
import { signInRoutes } from './sign-in.ts'

type PageDeps = Pick<
  Deps,
  | 'shares'
  | 'library'
  | 'copies'
  | 'embedding'
  | 'rendererDir'
  | 'log'
  | 'sessions'
  | 'signIn'
  | 'invites'
  | 'members'
  | 'health'
>

/** Pages of shares on the share listener, the files they load, and their oEmbed answers. */
export const sharePageRoutes =
  ({ shares, embedding, rendererDir, log, sessions, ...deps }: PageDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    await app.register(oembedRoutes({ shares }))
    const page = await loadPage(rendererDir, 'share.html', 'share/show-password.ts')
    if (page) await app.register(assetRoutes(page))
    const answers = pageAnswers(page ? tagsOf(page) : null, log)
    await app.register(signInRoutes({ shares, sessions, answers, ...deps }))
    const source = shareSource(deps)
    const cardFor = createPageCard({ shares })

    await app.register(async (pages: typeof app) => {
      pages.addHook('onRequest', async (_request, reply) => setPageHeaders(reply, 'none'))
      pages.setErrorHandler((error, request, reply) => {
        const known = toAppError(error)
        if (known?.code === 'sign_in_required') {
          const form = { returnTo: returnPath(request.url) }
          answers.form(reply, known.status, (tags) => renderSignIn(form, tags))
        } else if (known?.code === 'password_required') {
          const { id: shareId } = request.params as { id: string }
          const form = { shareId, returnTo: returnPath(request.url) }
          answers.form(reply, known.status, (tags) => renderUnlock(form, tags))
        } else answers.failed(error, request, reply)
      })

      pages.get('/share/:id', { schema: { params: IdParams } }, async (request, reply) => {
        const passes = passesIn(request, sessions)
        const { id } = request.params
        const isForChat = isUnfurler(request.headers['user-agent'])
        const times = timesIn(request)
        let opened
        try {
          opened = shares.open(id, 'page', passes)
        } catch (error) {
          if (!isForChat || !(error instanceof AppError) || error.code !== 'sign_in_required') throw error
          // Chats show nothing of a page that is refused. What its owner has shown stands on the sign-in page for them.
          const card = await cardFor(id, times, isForChat)
          const form = { returnTo: returnPath(request.url), card }
          return answers.form(reply, 200, (tags) => renderSignIn(form, tags))
        }
        const { share, guarded } = opened
        const minimal = queryOf(request)['layout'] === 'minimal'
        const framable = minimal && !guarded
        const sites = embedding.origins()
        if (framable) setPageHeaders(reply, sites.length === 0 ? 'any' : sites)
        if (share.status === 'completed') {
          const missing = await source.sourceFile(opened).then(() => null, expected)
          if (missing) {
            answers.message(reply, missing, { minimal: framable })
            return reply
          }
        }
        const played = await playbackOf(shares, share.id, times, passes)
        const member = passes.find((it) => 'memberId' in it)
        const memberName = share.visibility === 'private' && member ? deps.signIn.nameOf(member) : undefined
        void reply.header('cache-control', guarded ? 'private, no-store' : 'no-cache')
        const card = guarded ? null : await cardFor(share.id, times, isForChat)
        const shown = { share, ...played, card, minimal, sites, ...(memberName ? { memberName } : {}) }
        return answers.page(reply, 200, (tags) => renderSharePage(shown, tags))
      })
    })
  }

/** What the page plays: the clip that its address asks for, or all of it when that is no clip of this share. */
async function playbackOf(
  shares: Pick<PageDeps['shares'], 'playback'>,
  id: string,
  times: LinkTimes,
  passes: readonly Pass[],
): Promise<{ playback: Playback; clip: Moment | null }> {
  const wanted = hardClipIn(times)
  try {
    if (wanted) {
      const { startS: clip_start, endS: clip_end } = wanted
      return { playback: await shares.playback(id, { clip_start, clip_end }, passes), clip: wanted }
    }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'bad_request') throw error
  }
  return { playback: await shares.playback(id, {}, passes), clip: null }
}

/** The query as it came: a parameter that makes no sense is ignored, never an error. */
const queryOf = (request: FastifyRequest): Record<string, unknown> => request.query as Record<string, unknown>

/** The times that a link names; none is an error, whatever stands there. */
function timesIn(request: FastifyRequest): LinkTimes {
  const { s, e, clip } = queryOf(request)
  const [start, end, kind] = [s, e, clip].map((it) => (typeof it === 'string' ? it : null))
  return { s: start ?? null, e: end ?? null, clip: kind ?? null }
}

/** Lets a bug go on as one. */
function expected(error: unknown): AppError {
  if (error instanceof AppError) return error
  throw error
}
