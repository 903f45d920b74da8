import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { IdParams, List } from '../../../shared/api/common.ts'
import { File, ListFiles, ListThumbnails, Thumbnail, UpdateFile } from '../../../shared/api/file.ts'
import type { Deps } from '../deps.ts'
import { etagOnSend } from '../etag.ts'
import { parseFileFilter } from '../file-filter.ts'

/** `/v1/files`: the owner's library. */
export const fileRoutes =
  ({ library }: Pick<Deps, 'library'>): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/files',
      {
        schema: {
          summary: 'Lists files',
          tags: ['files'],
          querystring: ListFiles,
          response: { 200: List(File) },
        },
      },
      async ({ query: { filter, ...query } }) =>
        library.list({ ...query, filter: filter === undefined ? undefined : parseFileFilter(filter) }),
    )
    app.get(
      '/files/:id',
      {
        schema: { summary: 'Gets a file', tags: ['files'], params: IdParams, response: { 200: File } },
        onSend: etagOnSend,
      },
      async (request) => library.detailed(request.params.id),
    )
    app.put(
      '/files/:id',
      {
        schema: {
          summary: 'Renames a file in the library, or replaces its metadata',
          tags: ['files'],
          params: IdParams,
          body: UpdateFile,
          response: { 200: File },
        },
      },
      async (request) => library.update(request.params.id, request.body),
    )
    app.delete(
      '/files/:id',
      {
        schema: {
          summary: 'Forgets a file and its shares; the file on the disk stays, but for the copy of an upload',
          tags: ['files'],
          params: IdParams,
          response: { 200: Type.Object({ id: Type.String(), object: Type.Literal('file') }) },
        },
      },
      async (request) => {
        library.remove(request.params.id)
        return { id: request.params.id, object: 'file' as const }
      },
    )
    app.get(
      '/files/:id/thumbnails',
      {
        schema: {
          summary: 'Lists the pictures of a file',
          tags: ['files'],
          params: IdParams,
          querystring: ListThumbnails,
          response: { 200: List(Thumbnail) },
        },
      },
      async (request) => library.thumbnails(request.params.id, request.query),
    )
  }
