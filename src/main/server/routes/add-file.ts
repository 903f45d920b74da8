import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { File, RegisterFile, UploadFile } from '../../../shared/api/file.ts'
import { AppError } from '../../base/errors.ts'
import { clientSignal } from '../client-signal.ts'
import type { Deadlines } from '../deadlines.ts'
import type { Deps } from '../deps.ts'
import { readUploadForm } from '../upload-form.ts'

const FORM = 'multipart/form-data'

/** `POST /v1/files`: a path that is registered, or a file that is sent. */
export const addFileRoutes =
  ({ library, deadlines }: Pick<Deps, 'library'> & { deadlines: Deadlines }): FastifyPluginAsyncTypebox =>
  async (app) => {
    // Read as it comes, by the handler.
    app.addContentTypeParser(FORM, (_request, _payload, done) => done(null))

    app.post(
      '/files',
      {
        schema: {
          summary: 'Registers a local file in place, or takes one that is sent',
          tags: ['files'],
          body: { content: { 'application/json': { schema: RegisterFile }, [FORM]: { schema: UploadFile } } },
          response: { 200: File },
        },
        // A refusal must reach a client that is still sending; the deadline hangs up on it.
        onSend: async (request, reply) => {
          if (request.mediaType === FORM) reply.removeHeader('connection')
        },
      },
      (request, reply) => {
        if (request.mediaType !== FORM) {
          if (request.body === undefined) throw new AppError('bad_request', 'The body must be a JSON object.')
          return library.register(request.body as RegisterFile)
        }
        deadlines.byProgress(request.raw)
        const signal = clientSignal(reply)
        const length = request.headers['content-length']
        const declaredBytes = length === undefined ? undefined : Number(length)
        return readUploadForm(request.raw, signal, ({ body, filename, fields }) => {
          const about = fields.then(({ metadata }) => ({ filename, metadata }))
          return library.upload(body, about, { declaredBytes, signal })
        })
      },
    )
  }
