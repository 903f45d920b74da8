import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { IdParams } from '../../../shared/api/common.ts'
import { Waveform } from '../../../shared/api/share.ts'
import { AppError } from '../../base/errors.ts'
import { binary } from '../binary.ts'
import type { Deps } from '../deps.ts'
import { NOT_YET, sendAround, type AroundResource } from '../send-around.ts'
import type { Sender } from '../send-file.ts'
import { SUBTITLE_TYPE } from '../send-text.ts'
import { windowIn, windowQuery } from '../window-query.ts'

type FileAroundDeps = Pick<Deps, 'library' | 'around'> & { sender: Sender }

const Second = Type.Number({ minimum: 0, maximum: 1e9 })
const WindowQuery = Type.Object({ start: Type.Optional(Second), end: Type.Optional(Second) })
const NameParams = Type.Object({ id: Type.String(), name: Type.String() })

/** What is around the picture of a file, for its owner: as a share of it shows it. */
export const fileAroundRoutes =
  (deps: FileAroundDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const send = async (
      request: FastifyRequest,
      reply: FastifyReply,
      id: string,
      resource: AroundResource,
    ): Promise<void> => {
      const window = windowIn(request.query as { start?: number; end?: number })
      const playable = await deps.library.playable(id, window)
      await sendAround(request, reply, deps, playable, resource, window && windowQuery(window))
    }

    const querystring = WindowQuery
    app.get(
      '/files/:id/subtitles/:name',
      {
        schema: {
          summary: 'Subtitles of a file as WebVTT, at <index>.vtt',
          tags: ['files'],
          params: NameParams,
          querystring,
          response: binary('The subtitles', SUBTITLE_TYPE),
        },
      },
      (request, reply) =>
        send(request, reply, request.params.id, {
          kind: 'subtitle',
          subtitle: numberIn(request.params.name, '.vtt'),
        }),
    )
    app.get(
      '/files/:id/storyboard.vtt',
      {
        schema: {
          summary: 'Small pictures of a film over its length, as WebVTT; 202 while they are made',
          tags: ['files'],
          params: IdParams,
          querystring,
          response: { ...binary('Times, and parts of pictures for them', SUBTITLE_TYPE), ...NOT_YET },
        },
      },
      (request, reply) => send(request, reply, request.params.id, { kind: 'storyboard' }),
    )
    app.get(
      '/files/:id/storyboard/:name',
      {
        schema: {
          summary: 'One of the pictures of a storyboard, at <number>.jpg',
          tags: ['files'],
          params: NameParams,
          querystring,
          response: binary('The picture', 'image/jpeg'),
        },
      },
      (request, reply) =>
        send(request, reply, request.params.id, {
          kind: 'sheet',
          sheet: numberIn(request.params.name, '.jpg'),
        }),
    )
    app.get(
      '/files/:id/waveform',
      {
        schema: {
          summary: 'How loud a file is over its length; 202 while it is measured',
          tags: ['files'],
          params: IdParams,
          querystring,
          response: { 200: Waveform, ...NOT_YET },
        },
      },
      (request, reply) => send(request, reply, request.params.id, { kind: 'waveform' }),
    )
  }

/** The number in a name such as `12.vtt`. Throws AppError `not_found`. */
function numberIn(name: string, extension: string): number {
  const digits = name.endsWith(extension) ? name.slice(0, -extension.length) : ''
  if (!/^(0|[1-9]\d{0,2})$/.test(digits)) throw new AppError('not_found', 'There is nothing of that name.')
  return Number(digits)
}
