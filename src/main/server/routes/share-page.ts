import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { IdParams } from '../../../shared/api/common.ts'
import type { ErrorCode } from '../../../shared/api/error.ts'
import type { Playback } from '../../../shared/api/share.ts'
import { hardClipIn, type Moment } from '../../../shared/link-times.ts'
import { AppError } from '../../base/errors.ts'
import { withoutSecrets } from '../../base/log.ts'
import { assetRoutes, loadPage } from '../assets.ts'
import type { Deps } from '../deps.ts'
import { toAppError } from '../error-handler.ts'
import { renderMessagePage } from '../message-page.ts'
import { setPageHeaders } from '../page-policy.ts'
import { tagsOf } from '../page-shell.ts'
import { plainPage } from '../plain-page.ts'
import { renderSharePage } from '../share-page.ts'
import { shareSource } from '../share-source.ts'
import { oembedRoutes } from './oembed.ts'

type PageDeps = Pick<Deps, 'shares' | 'library' | 'copies' | 'embedding' | 'rendererDir' | 'log'>

const NOT_BUILT = plainPage(
  'Matinee is not built yet',
  'The owner of this computer has to run <code>npm run build</code> in its folder.',
)
/** Seconds after which a page that could not be answered may be asked for again. */
const RETRY_AFTER_S = 2

/** Pages of shares on the share listener, the files they load, and their oEmbed answers. */
export const sharePageRoutes =
  ({ shares, embedding, rendererDir, log, ...deps }: PageDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    await app.register(oembedRoutes({ shares }))
    const page = await loadPage(rendererDir, 'share.html')
    if (page) await app.register(assetRoutes(page))
    const tags = page && tagsOf(page)
    const source = shareSource(deps)

    await app.register(async (pages: typeof app) => {
      pages.addHook('onRequest', async (_request, reply) => setPageHeaders(reply, 'none'))

      // What goes wrong is told as a page: people come here, not programs.
      pages.setErrorHandler((error, request, reply) => {
        const known = toAppError(error)
        if (!known || known.status >= 500) {
          log.error({ err: error, url: withoutSecrets(request.url) }, 'a share page failed')
        }
        sendMessage(reply, known ?? new AppError('internal', ''), {})
      })
      const sendMessage = (reply: FastifyReply, error: AppError, options: { minimal?: boolean }): void => {
        // A token that does not hold leads as little anywhere as an id that nobody has.
        const code: ErrorCode = error.code === 'forbidden' ? 'not_found' : error.code
        const { status } = new AppError(code, '')
        if (status === 429 || status === 503) void reply.header('retry-after', RETRY_AFTER_S)
        void reply.header('cache-control', 'no-store')
        if (tags)
          void reply
            .code(status)
            .type(HTML)
            .send(renderMessagePage(code, tags, options))
        else void NOT_BUILT.send(reply, 503)
      }

      pages.get('/share/:id', { schema: { params: IdParams } }, async (request, reply) => {
        const opened = shares.open(request.params.id, 'page')
        const { share } = opened
        const minimal = queryOf(request)['layout'] === 'minimal'
        const framable = minimal && share.visibility === 'public'
        const sites = embedding.origins()
        if (framable) setPageHeaders(reply, sites.length === 0 ? 'any' : sites)
        if (!tags) return NOT_BUILT.send(reply, 503)
        if (share.status === 'completed') {
          const missing = await source.sourceFile(opened).then(() => null, expected)
          if (missing) {
            sendMessage(reply, missing, { minimal: framable })
            return reply
          }
        }
        return reply
          .header('cache-control', share.visibility === 'public' ? 'no-cache' : 'private, no-store')
          .type(HTML)
          .send(
            renderSharePage(
              { share, ...(await playbackOf(shares, share.id, queryOf(request))), minimal, sites },
              tags,
            ),
          )
      })
    })
  }

const HTML = 'text/html; charset=utf-8'

/** What the page plays: the clip that its address asks for, or all of it when that is no clip of this share. */
async function playbackOf(
  shares: Pick<PageDeps['shares'], 'playback'>,
  id: string,
  { s, e, clip }: Record<string, unknown>,
): Promise<{ playback: Playback; clip: Moment | null }> {
  const [start, end, kind] = [s, e, clip].map((it) => (typeof it === 'string' ? it : null))
  const wanted = hardClipIn({ s: start ?? null, e: end ?? null, clip: kind ?? null })
  try {
    if (wanted) {
      const { startS: clip_start, endS: clip_end } = wanted
      return { playback: await shares.playback(id, { clip_start, clip_end }), clip: wanted }
    }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'bad_request') throw error
  }
  return { playback: await shares.playback(id), clip: null }
}

/** The query as it came: a parameter that makes no sense is ignored, never an error. */
const queryOf = (request: FastifyRequest): Record<string, unknown> => request.query as Record<string, unknown>

/** Lets a bug go on as one. */
function expected(error: unknown): AppError {
  if (error instanceof AppError) return error
  throw error
}
