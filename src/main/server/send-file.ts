import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { SourceIdentity } from '../media/playable.ts'
import { clientSignal } from './client-signal.ts'
import { isFresh, rangeHolds, type Validators } from './conditional.ts'
import { contentRange, multipartOf, type Piece } from './multipart.ts'
import { createOpenFiles, type OpenFile } from './open-files.ts'
import { createPump } from './pump.ts'
import { decideRange } from './ranges.ts'

/** What is to be sent, and under which type. */
export type FileToSend = {
  /** Absolute real path. */
  path: string
  type: string
  /** Strong tag; made of size and time when absent. */
  etag?: string
  /** What the file was when it was looked up; anything else means that another file is in its place (S57). */
  identity?: Partial<SourceIdentity>
  /** Its stats (`fileStamp`), if it was looked at for this very request: then that need not be done again. */
  stamp?: string | null
}

/** Sends files and buffers, whole or in part: `Range`, `If-Range`, `If-None-Match`, HEAD (RFC 9110). */
export interface Sender {
  /**
   * Answers with a file. Resolves when the last byte is out or the client has left; a client that leaves is no error.
   * Throws AppError `file_missing`, `range_not_satisfiable` before anything is sent.
   */
  file(request: FastifyRequest, reply: FastifyReply, file: FileToSend): Promise<void>
  /** Answers with bytes in memory. Throws AppError `range_not_satisfiable`. */
  bytes(request: FastifyRequest, reply: FastifyReply, body: Uint8Array, type: string, etag: string): void
  close(): void
}

/** Makes the sender of one listener. */
export function createSender(log: Log): Sender {
  const files = createOpenFiles()
  const pump = createPump()

  return {
    async file(request, reply, { path, type, etag, identity, stamp }) {
      const file = await files.acquire(path, stamp ?? undefined)
      try {
        if (!isSame(file, identity)) {
          throw new AppError('file_missing', 'The file has changed on the disk.')
        }
        const validators = { etag: etag ?? etagOf(file), modifiedMs: file.mtimeMs }
        const pieces = prepare(request, reply, type, file.bytes, validators)
        if (pieces === 'not_modified') void reply.code(304).send()
        else await transfer(file, pieces, request, reply)
      } finally {
        files.release(file)
      }
    },
    bytes(request, reply, body, type, etag) {
      const pieces = prepare(request, reply, type, body.byteLength, { etag })
      if (pieces === 'not_modified') void reply.code(304).send()
      else void reply.send(pieced(body, pieces))
    },
    close: () => files.close(),
  }

  /** Past this point the answer is ours alone: Fastify's streams would leak or throw when a client leaves. */
  async function transfer(
    file: OpenFile,
    pieces: readonly Piece[],
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const response = reply.raw
    const { socket } = request.raw
    reply.hijack()
    if (socket.destroyed || response.destroyed) return
    try {
      response.writeHead(reply.statusCode, reply.getHeaders() as Record<string, string>)
      if (request.method === 'HEAD') response.end()
      else await pump(file.fd, pieces, response, clientSignal(reply))
    } catch (error) {
      log.warn({ err: error }, 'a file could not be read to its end')
      response.destroy()
    }
  }
}

/** Sets status and headers of the answer, and says what its body is made of. */
function prepare(
  request: FastifyRequest,
  reply: FastifyReply,
  type: string,
  size: number,
  validators: Validators,
): readonly Piece[] | 'not_modified' {
  const { headers, method } = request
  const { etag, modifiedMs } = validators
  void reply.headers({ 'accept-ranges': 'bytes', etag })
  if (modifiedMs !== undefined) void reply.header('last-modified', new Date(modifiedMs).toUTCString())
  if (isFresh(headers, validators)) return 'not_modified'

  // GET is the only method with ranges (RFC 9110 section 14.2).
  const asked = method === 'GET' && rangeHolds(headers, validators) ? headers.range : undefined
  const decision = decideRange(asked, size)
  if (decision === 'unsatisfiable') {
    void reply.header('content-range', `bytes */${size}`)
    throw new AppError('range_not_satisfiable', `There is no such range in ${size} bytes.`)
  }
  const ranges = decision === 'whole' ? [] : decision
  const [only] = ranges
  if (only && ranges.length === 1) {
    void reply
      .code(206)
      .type(type)
      .headers({ 'content-range': contentRange(only, size), 'content-length': only.last - only.first + 1 })
    return [only]
  }
  if (ranges.length > 1) {
    const multipart = multipartOf(ranges, type, size)
    // Parts that cost more than all of it are not what the client is after.
    if (multipart.bytes <= size) {
      void reply.code(206).type(multipart.type).header('content-length', multipart.bytes)
      return multipart.pieces
    }
  }
  void reply.type(type).header('content-length', size)
  return size === 0 ? [] : [{ first: 0, last: size - 1 }]
}

/** Those pieces of a body in memory: a view of it when it is one, a copy when there are several. */
function pieced(body: Uint8Array, pieces: readonly Piece[]): Buffer {
  const slices = pieces.map((it) =>
    typeof it === 'string'
      ? Buffer.from(it, 'latin1')
      : Buffer.from(body.buffer, body.byteOffset + it.first, it.last - it.first + 1),
  )
  const [only = Buffer.alloc(0)] = slices
  return slices.length > 1 ? Buffer.concat(slices) : only
}

const isSame = (file: OpenFile, { bytes, mtimeMs, inode }: Partial<SourceIdentity> = {}): boolean =>
  (bytes === undefined || bytes === file.bytes) &&
  (mtimeMs === undefined || mtimeMs === file.mtimeMs) &&
  (inode === undefined || inode === file.inode)

/** Size and time tell versions of a file apart, as web servers do it. */
const etagOf = ({ bytes, mtimeMs }: OpenFile): string => `"${bytes.toString(36)}-${mtimeMs.toString(36)}"`
