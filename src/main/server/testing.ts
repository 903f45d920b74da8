import { randomUUID } from 'node:crypto'
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, parse } from 'node:path'
import { expect, vi } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import type { ListOf } from '../../shared/api/common.ts'
import type { ErrorBody, ErrorCode } from '../../shared/api/error.ts'
import type { File } from '../../shared/api/file.ts'
import type { Share } from '../../shared/api/share.ts'
import { startEngine, type Engine } from '../engine.ts'
import { openStore } from '../store/store.ts'
import { closed, opened, request, textOf } from './testing-sockets.ts'

/** All that tests look at in bodies. One that looks for what is not there fails by itself. */
export type Body = Omit<Share, 'object' | 'metadata'> &
  Omit<ListOf<Share>, 'object'> &
  ErrorBody & { object: string; url: string; metadata: unknown; uri: string; filename: string }

/** An answer, read to its end; `json` is undefined when it is none. */
export type Answer = { status: number; headers: Headers; text: string; json: Body }

/** What the body of every failure is like. */
export const failure = (code: ErrorCode): object => ({
  error: expect.stringMatching(/^[A-Z"].*\.$/) as string,
  code,
})

type CallOptions = { body?: unknown; headers?: Record<string, string> }

/**
 * A file for a test: a copy of the MP4 `from`, with content of its own, `padTo` bytes long at least; with `around`, there
 * are subtitles beside it, and storyboard and waveform have been made.
 */
type MakeOptions = { padTo?: number; from?: string; around?: boolean }

type StartOptions = { env?: NodeJS.ProcessEnv; encoderStallMs?: number }

/** A whole Matinee for a test: the real engine on a data folder and ports of its own. */
export async function startTestMatinee({ env = process.env, ...options }: StartOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-server-'))
  const rendererDir = join(folder, 'renderer')
  writeTestPages(rendererDir)
  const dataDir = join(folder, 'data')
  const engine: Engine = await startEngine({
    dataDir,
    port: 0,
    sharePort: 0,
    libraries: [],
    rendererDir,
    env,
    logLevel: 'warn',
    ...options,
  })
  const key = readFileSync(join(dataDir, 'api-key'), 'utf8').trim()
  /** A second connection to the database: tests put into it what the API cannot make. */
  const store = openStore(join(dataDir, 'matinee.db'))

  /** Calls the API with the key. */
  const v1 = (method: string, path: string, { body, headers }: CallOptions = {}): Promise<Answer> =>
    call(method, `${engine.apiUrl}/v1${path}`, {
      body,
      headers: { authorization: `Bearer ${key}`, ...headers },
    })

  /** A video of 8 s that no other test has; `padTo` makes it as large as wished, without using the disk. */
  const makeFile = (name: string, { padTo = 0, from = 'h264-aac-gop2.mp4' }: MakeOptions = {}): string => {
    const path = join(folder, name)
    copyFileSync(testMedia(from), path)
    appendFileSync(path, freeBox(Buffer.from(randomUUID())))
    const rest = padTo - statSync(path).size
    if (rest > 0) {
      appendFileSync(path, freeBoxHead(rest))
      truncateSync(path, padTo)
    }
    return path
  }

  /** Waits for what is made behind the scenes when it is first asked for. */
  const untilMade = (path: string): Promise<Answer> =>
    vi.waitUntil(
      async () => {
        const answer = await v1('GET', path)
        return answer.status === 200 ? answer : undefined
      },
      { timeout: 60_000, interval: 50 },
    )

  const at = (path: string): string => `${engine.shareUrl}${path}`
  const stream = (token: string, name = 'main.m3u8'): string => at(`/stream/${token}/${name}`)

  return {
    api: engine.apiUrl,
    shareBase: engine.shareUrl,
    /** An address of the share listener. */
    at,
    /** An address of a share's stream. */
    stream,
    /** Every address that gives bytes or facts of a share. */
    addresses: (id: string): string[] => [
      stream(id),
      stream(id, '0/media.m3u8'),
      stream(id, '0/init.mp4'),
      stream(id, '0/0.m4s'),
      stream(id, '0/1.m4s'),
      at(`/poster/${id}.jpg`),
      at(`/poster/${id}.jpg?size=card`),
      at(`/download/${id}/film.mp4`),
      at(`/share/${id}/playback`),
    ],
    key,
    folder,
    store,
    secret: Buffer.from(readFileSync(join(dataDir, 'secret'), 'utf8').trim(), 'base64url'),
    log: (): string => readFileSync(join(dataDir, 'logs', 'matinee.log'), 'utf8'),
    managerUrl: () => engine.managerUrl(),
    v1,
    makeFile,
    /** Registers a file of that name and waits until it has been read, and its poster made. */
    async addFile(name: string, options: MakeOptions = {}): Promise<File> {
      const { status, text, json } = await v1('POST', '/files', { body: { path: makeFile(name, options) } })
      expect(status, text).toBe(200)
      const file = await vi.waitUntil(
        async () => {
          const file = (await v1('GET', `/files/${json.id}`)).json as unknown as File
          return file.status === 'failed' || file.thumbnail_url !== undefined ? file : undefined
        },
        { timeout: 30_000, interval: 20 },
      )
      if (options.around) {
        copyFileSync(testMedia('subtitles.srt'), join(folder, `${parse(name).name}.srt`))
        for (const it of ['storyboard.vtt', 'waveform']) await untilMade(`/files/${file.id}/${it}`)
      }
      return file
    },
    untilMade,
    async share(fileId: string, body: object = {}): Promise<Share> {
      const { json } = await v1('POST', '/share', { body: { file_id: fileId, ...body } })
      return json as unknown as Share
    },
    /** Signs in as the file manager does; the `cookie` header of a browser after that. */
    async signIn(): Promise<string> {
      const answer = await fetch(engine.managerUrl(), { redirect: 'manual' })
      return (answer.headers.getSetCookie()[0] ?? '').split(';', 1)[0] ?? ''
    },
    async stop(): Promise<void> {
      store.close()
      await engine.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

export type TestMatinee = Awaited<ReturnType<typeof startTestMatinee>>

/** Head of a `free` box (ISO/IEC 14496-12 section 8.1.2) of `bytes` in all: players skip it. */
function freeBoxHead(bytes: number): Buffer {
  const head = Buffer.alloc(16)
  head.writeUInt32BE(1, 0)
  head.write('free', 4, 'latin1')
  head.writeBigUInt64BE(BigInt(bytes), 8)
  return head
}

const freeBox = (payload: Buffer): Buffer => Buffer.concat([freeBoxHead(16 + payload.byteLength), payload])

/** One request by fetch; a body that is no string is sent as JSON. */
export async function call(
  method: string,
  url: string,
  { body, headers }: CallOptions = {},
): Promise<Answer> {
  const isText = typeof body === 'string'
  const answer = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { ...(body === undefined || isText ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
  })
  const text = await answer.text()
  const isJson = answer.headers.get('content-type')?.startsWith('application/json')
  const json = (isJson && text !== '' ? JSON.parse(text) : undefined) as Body
  return { status: answer.status, headers: answer.headers, text, json }
}

/** Sends bytes as they are and reads what comes until the server hangs up: what fetch would tidy arrives untidied. */
export async function raw(base: string, text: string): Promise<string> {
  const socket = await opened(base)
  const answer = textOf(socket)
  socket.write(text)
  await closed(socket)
  return answer()
}

/** A GET of this very path, with the given header lines. */
export const rawGet = (base: string, path: string, headers: readonly string[] = []): Promise<string> =>
  raw(base, request(base, path, [...headers, 'Connection: close']))

/** Status of an answer as it came over the wire; 0 when there was none. */
export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)

/** A renderer as vite builds it, small: two pages with a common chunk, and files that belong to neither. */
function writeTestPages(folder: string): void {
  for (const it of ['.vite', 'assets', 'fonts']) mkdirSync(join(folder, it), { recursive: true })
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
  write(
    'index.html',
    '<!doctype html><head><title>Manager</title><script type="module" src="/assets/manager-a1.js"></script>',
  )
  write(
    'share.html',
    '<!doctype html><title>Share</title><script type="module" src="/assets/share-d4.js"></script>',
  )
  write('assets/manager-a1.js', `console.log('${'manager '.repeat(200)}')`)
  write('assets/manager-b2.css', 'body{}')
  write('assets/later-e5.js', 'export {}')
  write('assets/shared-c3.js', 'export {}')
  write('assets/share-d4.js', 'export {}')
  write('assets/show-password-f6.js', 'export {}')
  write('assets/stray.js', 'not in the manifest')
  write('fonts/inter.woff2', 'font')
  write(
    '.vite/manifest.json',
    JSON.stringify({
      'index.html': {
        file: 'assets/manager-a1.js',
        css: ['assets/manager-b2.css'],
        imports: ['_shared-c3.js'],
        dynamicImports: ['later.ts'],
      },
      'later.ts': { file: 'assets/later-e5.js', imports: ['_shared-c3.js', 'index.html'] },
      'share.html': { file: 'assets/share-d4.js', imports: ['_shared-c3.js'] },
      'share/show-password.ts': { file: 'assets/show-password-f6.js' },
      '_shared-c3.js': { file: 'assets/shared-c3.js' },
    }),
  )
}
