import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { IdParams, List } from '../../../shared/api/common.ts'
import { CreateShare, GetShare, ListShares, Share, UpdateShare } from '../../../shared/api/share.ts'
import { ShareCheck } from '../../../shared/api/share-check.ts'
import { clientSignal } from '../client-signal.ts'
import type { Deps } from '../deps.ts'
import { etagOnSend } from '../etag.ts'
import { createShareCheck } from '../share-check.ts'

/** `/v1/share`: links to files. */
export const shareRoutes =
  ({ shares, library, health }: Pick<Deps, 'shares' | 'library' | 'health'>): FastifyPluginAsyncTypebox =>
  async (app) => {
    const check = createShareCheck({ shares, library, health })
    app.post(
      '/share',
      {
        schema: {
          summary: 'Shares a file',
          tags: ['share'],
          body: CreateShare,
          response: { 200: Share },
        },
      },
      (request) => shares.create(request.body),
    )
    app.get(
      '/share',
      {
        schema: {
          summary: 'Lists shares',
          tags: ['share'],
          querystring: ListShares,
          response: { 200: List(Share) },
        },
      },
      async (request) => shares.list(request.query),
    )
    app.get(
      '/share/:id',
      {
        schema: {
          summary: 'Gets a share',
          tags: ['share'],
          params: IdParams,
          querystring: GetShare,
          response: { 200: Share },
        },
        onSend: etagOnSend,
      },
      async (request) => shares.get(request.params.id, request.query),
    )
    app.put(
      '/share/:id',
      {
        schema: {
          summary: 'Changes a share; what is absent stays',
          tags: ['share'],
          params: IdParams,
          body: UpdateShare,
          response: { 200: Share },
        },
      },
      async (request) => shares.update(request.params.id, request.body),
    )
    app.delete(
      '/share/:id',
      {
        schema: {
          summary: 'Deletes a share; everything of it answers 404 from then on',
          tags: ['share'],
          params: IdParams,
          response: { 200: Type.Object({ id: Type.String(), object: Type.Literal('share') }) },
        },
      },
      async (request) => {
        shares.remove(request.params.id)
        return { id: request.params.id, object: 'share' as const }
      },
    )
    app.post(
      '/share/:id/restore',
      {
        schema: {
          summary: 'Brings back a share deleted within the last 30 s',
          tags: ['share'],
          params: IdParams,
          response: { 200: Share },
        },
      },
      async (request) => shares.restore(request.params.id),
    )
    app.post(
      '/share/:id/check',
      {
        schema: {
          summary: 'Tries every way into a share that must not open, from the outside',
          tags: ['share'],
          params: IdParams,
          response: { 200: ShareCheck },
        },
      },
      (request, reply) => check(request.params.id, clientSignal(reply)),
    )
  }
