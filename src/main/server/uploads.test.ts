import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import type { File } from '../../shared/api/file.ts'
import { call, failure, startTestMatinee, type Answer, type TestMatinee } from './testing.ts'
import { until } from './testing-sockets.ts'
import {
  BOUNDARY,
  END,
  FILE_HEAD,
  FILM,
  MiB,
  blob,
  film,
  formOf,
  partHead,
  uploadsOf,
  type FormEntry,
} from './testing-uploads.ts'

let matinee: TestMatinee
let uploads: ReturnType<typeof uploadsOf>
beforeAll(async () => {
  matinee = await startTestMatinee()
  uploads = uploadsOf(matinee)
})
afterAll(() => matinee.stop())

const names = (): string[] => uploads.names()
const total = (): Promise<number> => uploads.total()

describe('a file that is sent', () => {
  const metadata = { trip: 'north', tags: ['a'] }

  it.each(['before', 'after'])('is a File of the library, its metadata %s it', async (place) => {
    const bytes = film()
    const file = ['file', blob(bytes), 'Ridge walk.mp4'] as FormEntry
    const rest: [string, string][] = [
      ['metadata', JSON.stringify(metadata)],
      ['enable_segment_thumbnails', 'true'],
      ['enableSomethingElse', 'ignored'],
    ]
    const answer = await uploads.sendForm(place === 'after' ? formOf(file, ...rest) : formOf(...rest, file))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const sent = (await answer.json()) as File
    expect(sent).toMatchObject({
      object: 'file',
      status: 'pending',
      source: 'upload',
      filename: 'Ridge walk.mp4',
      bytes: bytes.length,
      metadata,
      missing: false,
    })
    expect(sent.uri).toBe(`matinee://files/${sent.id}`)
    expect(readFileSync(sent.path)).toEqual(bytes)
    expect(sent.path).toBe(join(uploads.folder, `${sent.id}.mp4`))

    const read = await vi.waitUntil(
      async () => {
        const { json } = await matinee.v1('GET', `/files/${sent.id}`)
        return (json.status as string) === 'completed' ? (json as unknown as File) : undefined
      },
      { timeout: 30_000 },
    )
    expect(read).toMatchObject({ playable: true, media_type: 'video', filename: 'Ridge walk.mp4' })
    const share = await matinee.share(sent.id)
    expect(share).toMatchObject({ status: 'completed', title: 'Ridge walk' })
    const download = await fetch(share.media_download_url ?? '')
    expect(download.headers.get('content-disposition')).toContain('Ridge walk.mp4')
    expect(Buffer.from(await download.arrayBuffer())).toEqual(bytes)

    expect((await matinee.v1('DELETE', `/files/${sent.id}`)).json).toEqual({ id: sent.id, object: 'file' })
    await until(() => !existsSync(sent.path))
    expect((await fetch(share.share_url)).status).toBe(404)
  })

  it('by curl, which asks before it sends, is one as well', async () => {
    const path = matinee.makeFile('by curl.mp4')
    const key = `Authorization: Bearer ${matinee.key}`
    const form = ['-F', `file=@${path}`, '-F', 'metadata={"from":"curl"}']
    const curl = promisify(execFile)
    const { stdout } = await curl('curl', ['-sS', '-H', key, ...form, `${matinee.api}/v1/files`])
    expect(JSON.parse(stdout)).toMatchObject({
      source: 'upload',
      filename: 'by curl.mp4',
      metadata: { from: 'curl' },
    })
  })

  it('S50: keeps its name whatever it holds, and lies under one of ours', async () => {
    for (const name of ['a"b.mp4', 'ä 日本.mp4', '-y.mp4', '$(touch pwn).mp4', 'a%d;b=c.mp4']) {
      const file = (await (await uploads.sendForm(formOf(['file', blob(), name]))).json()) as File
      expect(file.filename).toBe(name)
      expect(file.path).toBe(join(uploads.folder, `${file.id}.mp4`))
    }
  })

  it('S35: cannot choose where it lies', async () => {
    for (const name of [
      '../../../etc/passwd',
      '..\\..\\x.mp4',
      '/etc/x.mp4',
      'C:\\x.mp4',
      '..',
      '.\u0000.mp4',
    ]) {
      const head = partHead(`name="file"; filename="${name.replaceAll('\\', '\\\\')}"`, 'video/mp4')
      const { status, json } = await uploads.sendText(head + film().toString('latin1') + END)
      expect(status).toBe(200)
      const file = json as unknown as File
      expect(file.path).toMatch(new RegExp(`^${uploads.folder}/${file.id}\\.(mp4|media)$`))
      expect(file.filename).not.toMatch(/[/\\\u0000]/)
    }
  })
})

describe('S40: forms of every kind', () => {
  const FILE: FormEntry = ['file', blob(), 'film.mp4']
  const deep = `{"a":${'['.repeat(200)}${']'.repeat(200)}}`

  it.each<[string, () => FormData, number, string]>([
    ['without a file', () => formOf(['metadata', '{}']), 400, 'bad_request'],
    ['with nothing in it', () => formOf(), 400, 'bad_request'],
    ['with two files', () => formOf(FILE, FILE), 400, 'bad_request'],
    ['with the file under another name', () => formOf(['video', blob(), 'a.mp4']), 400, 'bad_request'],
    ['with text for the file', () => formOf(['file', 'text']), 400, 'bad_request'],
    ['with metadata that is no JSON', () => formOf(FILE, ['metadata', '{x']), 400, 'bad_request'],
    ['with metadata that is none, first', () => formOf(['metadata', ''], FILE), 400, 'bad_request'],
    ['with metadata that is a list', () => formOf(FILE, ['metadata', '[]']), 400, 'bad_request'],
    ['with metadata that is null', () => formOf(FILE, ['metadata', 'null']), 400, 'bad_request'],
    ['with metadata beyond the finite', () => formOf(FILE, ['metadata', '{"a":1e999}']), 400, 'bad_request'],
    ['with a prototype', () => formOf(FILE, ['metadata', '{"__proto__":{"a":1}}']), 400, 'bad_request'],
    ['with metadata nested too deep', () => formOf(FILE, ['metadata', deep]), 400, 'bad_request'],
    [
      'with metadata over 64 KiB',
      () => formOf(FILE, ['metadata', JSON.stringify({ a: 'x'.repeat(70_000) })]),
      400,
      'bad_request',
    ],
    ['with a huge field', () => formOf(FILE, ['metadata', 'x'.repeat(MiB)]), 400, 'bad_request'],
    ['with metadata twice', () => formOf(FILE, ['metadata', '{}'], ['metadata', '{}']), 400, 'bad_request'],
    [
      'with too many fields',
      () => formOf(FILE, ...Array.from({ length: 40 }, (_, at): [string, string] => [`f${at}`, ''])),
      400,
      'bad_request',
    ],
    [
      'with a flag that is none',
      () => formOf(FILE, ['enable_segment_thumbnails', 'maybe']),
      400,
      'bad_request',
    ],
    [
      'with a text file',
      () => formOf(['file', blob(Buffer.from('no film')), 'a.mp4']),
      415,
      'unsupported_media',
    ],
    ['with an empty file', () => formOf(['file', blob(Buffer.alloc(0)), 'a.mp4']), 415, 'unsupported_media'],
    [
      'S46: with a playlist as a film',
      () => formOf(['file', blob(readFileSync(testMedia('playlist.mp4'))), 'a.mp4']),
      415,
      'unsupported_media',
    ],
  ])('%s is refused in one sentence and leaves nothing', async (_, form, status, code) => {
    const before = [names(), await total()]
    const answer = await uploads.sendForm(form())
    expect([answer.status, await answer.json()]).toEqual([status, failure(code as 'bad_request')])
    expect([names(), await total()]).toEqual(before)
  })

  it.each([
    ['cut off in its file', FILE_HEAD + 'ftyp'],
    ['cut off in its last line', `${FILE_HEAD}${FILM.toString('latin1')}\r\n--${BOUNDARY}-`],
    ['cut off in a head', `--${BOUNDARY}\r\nContent-Disposition: form-da`],
    ['that is no form at all', 'nothing'],
    ['with a part without a head', `--${BOUNDARY}\r\n\r\n${FILM.toString('latin1')}${END}`],
    ['with heads without end', `--${BOUNDARY}\r\n${'X-Y: z\r\n'.repeat(20_000)}\r\n\r\n${END}`],
  ])('%s is refused and leaves nothing', async (_, text) => {
    const before = [names(), await total()]
    const answer = await uploads.sendText(text)
    expect([400, 415]).toContain(answer.status)
    expect(answer.json).toEqual(failure(answer.status === 400 ? 'bad_request' : 'unsupported_media'))
    expect([names(), await total()]).toEqual(before)
  })

  it('without a boundary, or as a form of the other kind, is refused', async () => {
    const none = await uploads.sendText('x', { 'content-type': 'multipart/form-data' })
    expect([none.status, none.json]).toEqual([400, failure('bad_request')])
    const plain = await uploads.sendText('path=x', { 'content-type': 'application/x-www-form-urlencoded' })
    expect([plain.status, plain.json]).toEqual([415, failure('unsupported_content_type')])
    const bare = await call('POST', `${matinee.api}/v1/files`, {
      headers: { authorization: `Bearer ${matinee.key}` },
    })
    expect([bare.status, bare.json]).toEqual([400, failure('bad_request')])
  })

  it('and no other call takes a form', async () => {
    const answer = await fetch(`${matinee.api}/v1/share`, {
      method: 'POST',
      body: formOf(['file_id', 'x']),
      headers: { authorization: `Bearer ${matinee.key}` },
    })
    expect([answer.status, await answer.json()]).toEqual([415, failure('unsupported_content_type')])
  })
})

describe('S17, S18: a form needs the owner like every other call', () => {
  const send = async (headers: Record<string, string>): Promise<Answer['status']> => {
    const answer = await fetch(`${matinee.api}/v1/files`, {
      method: 'POST',
      headers,
      body: formOf(['file', blob(), 'csrf.mp4']),
    })
    await answer.arrayBuffer()
    return answer.status
  }

  it('S17: a page of another site cannot send one, with the cookie or the key', async () => {
    const cookie = await matinee.signIn()
    const before = [names(), await total()]
    for (const origin of ['https://evil.test', 'null', matinee.shareBase]) {
      expect(await send({ cookie, origin })).toBe(403)
      expect(await send({ origin, authorization: `Bearer ${matinee.key}` })).toBe(403)
    }
    // fetch names no origin here; a browser always does for a form that is posted across.
    expect(await send({ cookie })).toBe(403)
    expect(await send({ cookie, origin: matinee.api, 'sec-fetch-site': 'same-site' })).toBe(403)
    expect([names(), await total()]).toEqual(before)
    expect(await send({ cookie, origin: matinee.api })).toBe(200)
  })

  it('S18: without the key nothing is read', async () => {
    const before = names()
    expect(await send({})).toBe(401)
    expect(await send({ authorization: 'Bearer wrong' })).toBe(401)
    expect(names()).toEqual(before)
  })

  it('S19: the share listener takes none', async () => {
    const answer = await fetch(`${matinee.shareBase}/v1/files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${matinee.key}` },
      body: formOf(['file', blob(), 'x.mp4']),
    })
    expect(answer.status).toBe(404)
  })
})

it('the contract shows both ways to add a file', async () => {
  const { json } = await matinee.v1('GET', '/openapi.json')
  const { paths } = json as unknown as {
    paths: Record<string, { post: { requestBody: { content: Record<string, { schema: unknown }> } } }>
  }
  const { content } = paths['/v1/files']?.post.requestBody ?? { content: {} }
  expect(Object.keys(content)).toEqual(['application/json', 'multipart/form-data'])
  expect(content['multipart/form-data']?.schema).toMatchObject({
    type: 'object',
    required: ['file'],
    properties: { file: { type: 'string', format: 'binary' }, metadata: { type: 'string' } },
  })
})
