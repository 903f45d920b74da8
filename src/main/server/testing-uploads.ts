import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { testMedia } from '../../../scripts/test-media.ts'
import type { TestMatinee } from './testing.ts'

export const MiB = 1024 ** 2
export const BOUNDARY = 'a-boundary-of-no-meaning'
export const FILM = readFileSync(testMedia('h264-aac-gop2.mp4'))

/** A film that no other test has. */
export const film = (): Buffer => Buffer.concat([FILM, freeBox(Buffer.from(randomUUID()))])

/** A `free` box (ISO/IEC 14496-12 section 8.1.2), or the head of one: players skip it. */
function freeBox(payload: Buffer, bytes = payload.length): Buffer {
  const head = Buffer.alloc(16)
  head.writeUInt32BE(1, 0)
  head.write('free', 4, 'latin1')
  head.writeBigUInt64BE(BigInt(16 + bytes), 8)
  return Buffer.concat([head, payload])
}

export const blob = (bytes: Buffer = film()): Blob => new Blob([new Uint8Array(bytes)], { type: 'video/mp4' })

export type FormEntry = [name: string, value: string | Blob, filename?: string]

export function formOf(...entries: readonly FormEntry[]): FormData {
  const form = new FormData()
  for (const [name, value, filename] of entries) {
    if (typeof value === 'string') form.append(name, value)
    else form.append(name, value, filename)
  }
  return form
}

/** The head of a part, as it goes over the wire. */
export const partHead = (disposition: string, type?: string): string =>
  [
    `--${BOUNDARY}`,
    `Content-Disposition: form-data; ${disposition}`,
    ...(type ? [`Content-Type: ${type}`] : []),
    '',
    '',
  ].join('\r\n')
export const FILE_HEAD = partHead('name="file"; filename="film.mp4"', 'video/mp4')
export const END = `\r\n--${BOUNDARY}--\r\n`

/** A film of `bytes`, made while it is sent: its own bytes, then a box that players skip. */
export async function* bigFilm(bytes: number, onChunk: (sent: number) => void = () => undefined) {
  yield FILE_HEAD
  yield Buffer.concat([FILM, freeBox(Buffer.alloc(0), bytes)])
  const chunk = Buffer.alloc(256 * 1024, 'matinee')
  for (let sent = 0; sent < bytes; sent += chunk.length) {
    await Promise.resolve()
    onChunk(sent)
    yield chunk.subarray(0, Math.min(chunk.length, bytes - sent))
  }
  yield END
}

export type Sent = {
  status: number
  json: { error: string; code: string }
  headers: IncomingMessage['headers']
}

/** What tests of uploads ask of a Matinee. */
export function uploadsOf(matinee: TestMatinee) {
  const names = (): string[] => readdirSync(join(matinee.folder, 'data', 'uploads'))

  /** Sends a body as it is made, and resolves with the answer, also with one that comes before its end. */
  const sendBody = (
    body: AsyncIterable<Buffer | string>,
    headers: Record<string, string> = {},
  ): Promise<Sent> =>
    new Promise((resolve, reject) => {
      const request = httpRequest(
        `${matinee.api}/v1/files`,
        {
          method: 'POST',
          headers: {
            authorization: `Bearer ${matinee.key}`,
            'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
            ...headers,
          },
        },
        (response) => {
          let text = ''
          response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
          response.on('end', () => {
            request.destroy()
            resolve({
              status: response.statusCode ?? 0,
              json: JSON.parse(text) as Sent['json'],
              headers: response.headers,
            })
          })
        },
      )
      request.on('error', reject)
      pipeline(Readable.from(body), request).catch(() => undefined)
    })

  return {
    /** Where the copies lie. */
    folder: join(matinee.folder, 'data', 'uploads'),
    names,
    total: async (): Promise<number> => (await matinee.v1('GET', '/files')).json.total,
    sendBody,
    sendText: (text: string, headers: Record<string, string> = {}): Promise<Sent> =>
      sendBody(
        (async function* () {
          await Promise.resolve()
          yield Buffer.from(text, 'latin1')
        })(),
        headers,
      ),
    /** Sends a form as Node, the official SDK and browsers do. */
    sendForm: (form: FormData, headers: Record<string, string> = {}): Promise<Response> =>
      fetch(`${matinee.api}/v1/files`, {
        method: 'POST',
        body: form,
        headers: { authorization: `Bearer ${matinee.key}`, ...headers },
      }),
  }
}
