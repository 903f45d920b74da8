import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { SourceIdentity } from '../media/playable.ts'
import { clientSignal } from './client-signal.ts'
import { isFresh, rangeHolds, type Validators } from './conditional.ts'
import { createOpenFiles, type OpenFile } from './open-files.ts'
import { createPump } from './pump.ts'
import { decideRange, type ByteRange } from './ranges.ts'

/** What is to be sent, and under which type. */
export type FileToSend = {
  /** Absolute real path. */
  path: string
  type: string
  /** Strong tag; made of size and time when absent. */
  etag?: string
  /** What the file was when it was looked up; anything else means that another file is in its place (S57). */
  identity?: Partial<SourceIdentity>
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
    async file(request, reply, { path, type, etag, identity }) {
      const file = await files.acquire(path)
      try {
        if (!isSame(file, identity)) {
          throw new AppError('file_missing', 'The file has changed on the disk.')
        }
        const validators = { etag: etag ?? etagOf(file), modifiedMs: file.mtimeMs }
        const range = prepare(request, reply, type, file.bytes, validators)
        if (range === 'not_modified') void reply.code(304).send()
        else await transfer(file, range, request, reply)
      } finally {
        files.release(file)
      }
    },
    bytes(request, reply, body, type, etag) {
      const range = prepare(request, reply, type, body.byteLength, { etag })
      if (range === 'not_modified') void reply.code(304).send()
      else
        void reply.send(Buffer.from(body.buffer, body.byteOffset + range.first, range.last - range.first + 1))
    },
    close: () => files.close(),
  }

  /** Past this point the answer is ours alone: Fastify's streams would leak or throw when a client leaves. */
  async function transfer(
    file: OpenFile,
    range: ByteRange,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const response = reply.raw
    const { socket } = request.raw
    reply.hijack()
    if (socket.destroyed || response.destroyed) return
    try {
      response.writeHead(reply.statusCode, reply.getHeaders() as Record<string, string>)
      if (request.method === 'HEAD' || file.bytes === 0) response.end()
      else await pump(file.fd, range, response, clientSignal(reply))
    } catch (error) {
      log.warn({ err: error }, 'a file could not be read to its end')
      response.destroy()
    }
  }
}

/** Sets all headers of the answer. What is left to send is the range; its status stands in the reply. */
function prepare(
  request: FastifyRequest,
  reply: FastifyReply,
  type: string,
  size: number,
  validators: Validators,
): ByteRange | 'not_modified' {
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
  const range = decision === 'whole' ? { first: 0, last: size - 1 } : decision
  if (decision !== 'whole') {
    void reply.code(206).header('content-range', `bytes ${range.first}-${range.last}/${size}`)
  }
  void reply.type(type).header('content-length', range.last - range.first + 1)
  return range
}

const isSame = (file: OpenFile, { bytes, mtimeMs, inode }: Partial<SourceIdentity> = {}): boolean =>
  (bytes === undefined || bytes === file.bytes) &&
  (mtimeMs === undefined || mtimeMs === file.mtimeMs) &&
  (inode === undefined || inode === file.inode)

/** Size and time tell versions of a file apart, as web servers do it. */
const etagOf = ({ bytes, mtimeMs }: OpenFile): string => `"${bytes.toString(36)}-${mtimeMs.toString(36)}"`
