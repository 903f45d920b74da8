import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy'
import { AppError } from '../base/errors.ts'
import { parseFields, type FormFields } from './upload-fields.ts'

/** The file of a form while it comes; `fields` is what else stands in the form, known at its end. */
export type FormFile = { body: Readable; filename: string; fields: Promise<FormFields> }

/**
 * What a form may hold beside the file. `metadata` may have 64 KiB as it is kept; as text it may be written with more
 * spaces.
 */
const FORM_LIMITS = {
  files: 1,
  fields: 20,
  parts: 22,
  fieldSize: 128 * 1024,
  headerPairs: 20,
  headerSize: 16 * 1024,
}

/**
 * Reads a form (RFC 7578) with one file in the part `file`, and resolves with what `take` makes of it. The form is read
 * no faster than `take` reads the file. As soon as either fails nothing more is read: what still comes is thrown away,
 * and it rejects once `take` has ended. Throws AppError `bad_request`, what `take` throws, or the signal's reason.
 */
export function readUploadForm<T>(
  request: IncomingMessage,
  signal: AbortSignal,
  take: (file: FormFile) => Promise<T>,
): Promise<T> {
  const form = openForm(request)
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const rest = Promise.withResolvers<FormFields>()
  rest.promise.catch(() => undefined)
  const texts = new Map<string, string>()
  let body: Readable | undefined
  let taken: Promise<T> | undefined
  let isOver = false
  let isParsed = false

  const end = (): void => {
    isOver = true
    request.unpipe(form)
    request.off('end', onWhole).off('close', onClose)
    signal.removeEventListener('abort', onAbort)
  }
  const fail = (error: unknown): void => {
    if (isOver) return
    end()
    request.resume()
    body?.destroy(error instanceof Error ? error : undefined)
    rest.reject(error)
    // The answer waits until nothing is left of the file.
    void Promise.allSettled([taken]).then(() => reject(error as Error))
  }
  const onAbort = (): void => fail(signal.reason)
  /** The form counts when its last line and the request's last byte are here, whichever is seen first. */
  const onWhole = (): void => {
    if (isOver || !isParsed || !request.readableEnded) return
    if (!body) {
      fail(new AppError('bad_request', '"file" is missing: the form has no file of that name.'))
      return
    }
    try {
      rest.resolve(parseFields(texts))
    } catch (error) {
      fail(error)
    }
  }
  const onClose = (): void => {
    if (!request.readableEnded) fail(new AppError('bad_request', 'The upload was broken off.'))
  }

  form
    .on('file', (name, stream, filename) => {
      // Its errors are those of the form, which are heard there.
      stream.on('error', () => undefined)
      if (isOver) {
        stream.resume()
        return
      }
      if (name !== 'file') {
        fail(new AppError('bad_request', `The file must come as "file", not as ${quoted(name)}.`))
        return
      }
      body = stream
      taken = take({ body: stream, filename: unescaped(filename), fields: rest.promise })
      taken.then((made) => {
        end()
        resolve(made)
      }, fail)
    })
    .on('field', (name: string | undefined, text, _, isCut) => {
      if (isOver) return
      if (isCut) fail(new AppError('bad_request', `${quoted(name)} is too large.`))
      else if (name === 'file') fail(new AppError('bad_request', '"file" must be a file, with a name.'))
      else if (name !== undefined && texts.has(name)) {
        fail(new AppError('bad_request', `${quoted(name)} is there twice.`))
      } else if (name !== undefined) texts.set(name, text)
    })
    .on('filesLimit', () => fail(new AppError('bad_request', 'One file at a time: the form has two.')))
    .on('fieldsLimit', () => fail(tooMany()))
    .on('partsLimit', () => fail(tooMany()))
    .on('error', (error) => fail(new AppError('bad_request', 'The form cannot be read.', { cause: error })))
    .on('finish', () => {
      isParsed = true
      onWhole()
    })

  signal.addEventListener('abort', onAbort, { once: true })
  request.once('end', onWhole).once('close', onClose)
  if (signal.aborted) onAbort()
  else if (request.destroyed) onClose()
  else request.pipe(form)
  return promise
}

function openForm({ headers }: IncomingMessage): BusboyInstance {
  try {
    return new Busboy({ headers: headers as BusboyHeaders, limits: FORM_LIMITS })
  } catch (error) {
    throw new AppError('bad_request', 'The form has no boundary.', { cause: error })
  }
}

const tooMany = (): AppError => new AppError('bad_request', 'The form has too many fields.')

/** A name of a field, to be shown. */
const quoted = (name: string | undefined): string => `"${(name ?? '').slice(0, 40)}"`

/** What browsers write for the three characters that cannot stand in a name there (HTML, section 4.10.21.8). */
const ESCAPED: Readonly<Record<string, string>> = { '%22': '"', '%0A': '\n', '%0D': '\r' }

const unescaped = (name: string): string =>
  name.replace(/%22|%0A|%0D/gi, (it) => ESCAPED[it.toUpperCase()] ?? it)
