import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { IdParams, List } from '../../../shared/api/common.ts'
import { ListThumbnails, Thumbnail } from '../../../shared/api/file.ts'
import {
  CreateSegment,
  CreateSegmentation,
  FileSegment,
  GetSegmentation,
  ListSegmentations,
  ListSegments,
  Segmentation,
  SegmentationWithSegments,
  SegmentParams,
  UpdateSegment,
} from '../../../shared/api/segment.ts'
import { binary } from '../binary.ts'
import type { Deps } from '../deps.ts'
import type { Sender } from '../send-file.ts'

type SegmentDeps = Pick<Deps, 'segments' | 'library'> & { sender: Sender }

const tags = ['segments']

/** Segments of files, and how files are cut into them. */
export const segmentRoutes =
  ({ segments, library, sender }: SegmentDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/files/:id/segmentations',
      {
        schema: {
          summary: 'Cuts a file into segments; looking for shots goes on behind the answer',
          ...{ tags, params: IdParams, body: CreateSegmentation, response: { 200: Segmentation } },
        },
      },
      async (request) => segments.segment(request.params.id, request.body),
    )
    app.get(
      '/files/:id/segmentations',
      {
        schema: {
          summary: 'Lists how a file was cut, newest first',
          ...{ tags, params: IdParams, querystring: ListSegmentations },
          response: { 200: List(Segmentation) },
        },
      },
      async (request) => segments.segmentations(request.params.id, request.query),
    )
    app.get(
      '/segmentations/:id',
      {
        schema: {
          summary: 'Gets a segmentation with a page of its segments',
          ...{ tags, params: IdParams, querystring: GetSegmentation },
          response: { 200: SegmentationWithSegments },
        },
      },
      async (request) => segments.segmentation(request.params.id, request.query),
    )
    app.delete(
      '/segmentations/:id',
      {
        schema: {
          summary: 'Forgets a segmentation and its segments; 409 while one of them is shared',
          ...{ tags, params: IdParams, response: { 200: Type.Object({ id: Type.String() }) } },
        },
      },
      async (request) => {
        segments.removeSegmentation(request.params.id)
        return { id: request.params.id }
      },
    )
    app.get(
      '/segmentations/:id/thumbnails',
      {
        schema: {
          summary: 'Lists the pictures of the segments of a segmentation',
          ...{ tags, params: IdParams, querystring: ListThumbnails, response: { 200: List(Thumbnail) } },
        },
      },
      async (request) => segments.thumbnails(request.params.id, request.query),
    )

    app.post(
      '/files/:id/segments',
      {
        schema: {
          summary: 'Marks a window of a file',
          ...{ tags, params: IdParams, body: CreateSegment, response: { 200: FileSegment } },
        },
      },
      async (request) => segments.add(request.params.id, request.body),
    )
    app.get(
      '/files/:id/segments',
      {
        schema: {
          summary: 'Lists the segments of a file in the order of the film',
          ...{ tags, params: IdParams, querystring: ListSegments, response: { 200: List(FileSegment) } },
        },
      },
      async (request) => segments.list(request.params.id, request.query),
    )
    app.get(
      '/files/:id/segments/:sid',
      {
        schema: {
          summary: 'Gets a segment',
          ...{ tags, params: SegmentParams, response: { 200: FileSegment } },
        },
      },
      async ({ params }) => segments.get(params.id, params.sid),
    )
    app.put(
      '/files/:id/segments/:sid',
      {
        schema: {
          summary: 'Replaces the metadata of a segment; its name is `metadata.name`',
          ...{ tags, params: SegmentParams, body: UpdateSegment, response: { 200: FileSegment } },
        },
      },
      async ({ params, body }) => segments.update(params.id, params.sid, body),
    )
    app.delete(
      '/files/:id/segments/:sid',
      {
        schema: {
          summary: 'Forgets a segment; 409 while it is shared',
          ...{ tags, params: SegmentParams, response: { 200: Type.Object({ id: Type.String() }) } },
        },
      },
      async ({ params }) => {
        segments.remove(params.id, params.sid)
        return { id: params.sid }
      },
    )
    app.get(
      '/files/:id/segments/:sid/thumbnail.jpg',
      {
        schema: {
          summary: 'Picture of a segment',
          ...{ tags, params: SegmentParams, response: binary('The picture', 'image/jpeg') },
        },
      },
      async (request, reply) => {
        const { id, sid } = request.params
        const path = await library.poster(id, 'poster', segments.window(id, sid))
        await sender.file(request, reply, { path, type: 'image/jpeg' })
      },
    )
  }
