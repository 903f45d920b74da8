import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { IdParams, List, Paging } from '../../../shared/api/common.ts'
import { AddFolder, Folder } from '../../../shared/api/folder.ts'
import type { Deps } from '../deps.ts'
import { pageOf } from '../page-of.ts'

/** `/v1/folders`: folders of the disk whose media files are in the library. */
export const folderRoutes =
  ({ library }: Pick<Deps, 'library'>): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/folders',
      {
        schema: {
          summary: 'Adds a folder; its files are read in the background',
          tags: ['folders'],
          body: AddFolder,
          response: { 200: Folder },
        },
      },
      (request) => library.addFolder(request.body),
    )
    app.get(
      '/folders',
      {
        schema: {
          summary: 'Lists folders',
          tags: ['folders'],
          querystring: Type.Object(Paging),
          response: { 200: List(Folder) },
        },
      },
      async (request) => pageOf(library.folders(), request.query),
    )
    app.get(
      '/folders/:id',
      {
        schema: { summary: 'Gets a folder', tags: ['folders'], params: IdParams, response: { 200: Folder } },
      },
      async (request) => library.folder(request.params.id),
    )
    app.delete(
      '/folders/:id',
      {
        schema: {
          summary: 'Forgets a folder and those of its files that are not shared; the disk stays as it is',
          tags: ['folders'],
          params: IdParams,
          response: { 200: Type.Object({ id: Type.String(), object: Type.Literal('folder') }) },
        },
      },
      async (request) => {
        library.removeFolder(request.params.id)
        return { id: request.params.id, object: 'folder' as const }
      },
    )
    app.post(
      '/folders/:id/scan',
      {
        schema: {
          summary: 'Looks for new, moved and missing files now',
          tags: ['folders'],
          params: IdParams,
          response: { 200: Folder },
        },
      },
      (request) => library.rescan(request.params.id),
    )
  }
