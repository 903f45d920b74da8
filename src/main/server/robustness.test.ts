import type { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { File } from '../../shared/api/file.ts'
import type { Share } from '../../shared/api/share.ts'
import { LIMITS } from './limits.ts'
import { closed, descriptors, firstByte, opened, request, until } from './testing-sockets.ts'
import { call, rawGet, startTestMatinee, statusOf, type TestMatinee } from './testing.ts'

const MIB = 1024 * 1024

let matinee: TestMatinee
let file: File
let share: Share
/** Everything that rejects or throws where nobody catches it. */
const uncaught: unknown[] = []
const note = (error: unknown): void => void uncaught.push(error)
beforeAll(async () => {
  process.on('uncaughtException', note)
  process.on('unhandledRejection', note)
  matinee = await startTestMatinee()
  file = await matinee.addFile('large.mp4', { padTo: 64 * MIB })
  share = await matinee.share(file.id)
})
afterAll(async () => {
  await matinee.stop()
  process.off('uncaughtException', note)
  process.off('unhandledRejection', note)
  expect(uncaught).toEqual([])
})

const IS_LINUX = process.platform === 'linux'
const download = (): string => `/download/${share.id}/x`
const authorization = (): string => `Authorization: Bearer ${matinee.key}`

/** So many clients, 50 at a time, that ask, read the first byte of the answer, and reset the connection. */
async function abortAfterFirstByte(
  count: number,
  base: string,
  path: string,
  headers: readonly string[] = [],
) {
  for (let done = 0; done < count; done += 50) {
    await Promise.all(
      Array.from({ length: Math.min(50, count - done) }, async () => {
        const socket = await opened(base)
        socket.write(request(base, path, headers))
        await firstByte(socket)
        socket.resetAndDestroy()
      }),
    )
  }
}

describe.runIf(IS_LINUX)('S38: clients that leave after the first byte', () => {
  type Target = [base: string, path: string, headers?: string[]]
  const targets: [what: string, target: () => Target][] = [
    ['a download', () => [matinee.shareBase, download()]],
    ['parts of a download', () => [matinee.shareBase, download(), ['Range: bytes=5-,1-2']]],
    ['a segment', () => [matinee.shareBase, `/stream/${share.id}/0/1.m4s`]],
    ["the owner's preview", () => [matinee.api, `/v1/files/${file.id}/content`, [authorization()]]],
  ]
  it.each(targets)('of %s leave neither a descriptor nor their memory', async (_, target) => {
    // What is opened once, and stays for the next.
    await abortAfterFirstByte(50, ...target())
    const [opens, memory] = [descriptors(), process.memoryUsage().rss]
    await abortAfterFirstByte(500, ...target())
    await until(() => descriptors() <= opens)
    // 500 buffers of the sender are 250 MiB.
    expect(process.memoryUsage().rss - memory).toBeLessThan(150 * MIB)
  })

  it('share one descriptor while they stay, and none stays after them', async () => {
    const idle = descriptors(file.path)
    const sockets = await Promise.all(Array.from({ length: 20 }, () => opened(matinee.shareBase)))
    for (const it of sockets) it.write(request(matinee.shareBase, download()))
    await Promise.all(sockets.map(firstByte))
    expect(descriptors(file.path)).toBeLessThanOrEqual(idle + 1)
    for (const it of sockets) it.destroy()
    // Streaming keeps its source open for the next segment.
    await until(() => descriptors(file.path) <= 1)
  })

  it('also those whose answers wait behind another on one connection', async () => {
    const socket = await opened(matinee.shareBase)
    socket.write(request(matinee.shareBase, download()).repeat(30))
    await firstByte(socket)
    socket.resetAndDestroy()
    await until(() => descriptors(file.path) <= 1)
  })
})

describe('S39: clients that vanish', () => {
  type Asked = readonly [base: string, text: string]
  const guests = (): Asked[] => {
    const { id } = share
    const paths = [
      ...matinee.addresses(id).map((it) => new URL(it).pathname + new URL(it).search),
      ...[`/stream/${id}/0/99.m4s`, `/share/${id}`, `/share/${id}?layout=minimal`, '/nothing'],
      `/oembed?url=${encodeURIComponent(matinee.at(`/share/${id}`))}`,
    ]
    const { shareBase } = matinee
    return [
      ...paths.map((it): Asked => [shareBase, request(shareBase, it)]),
      ...[download(), `/stream/${id}/0/0.m4s`].flatMap((it): Asked[] => [
        [shareBase, request(shareBase, it, ['Range: bytes=5-'])],
        [shareBase, request(shareBase, it, ['Range: bytes=0-0,5-9'])],
      ]),
      [shareBase, posted(shareBase, `/share/${id}/view`, '{"session":"vanishing-viewer"}')],
    ]
  }
  /** All that the API document knows to be read, and a call that changes something. */
  const owners = async (): Promise<Asked[]> => {
    const document = (await matinee.v1('GET', '/openapi.json')).json as unknown as {
      paths: Record<string, Record<string, unknown>>
    }
    const paths = Object.entries(document.paths)
      .filter(([, methods]) => 'get' in methods)
      .map(([path]) => (path.startsWith('/v1') ? path : `/v1${path}`))
      .map((path) => path.replace('{id}', path.includes('/share') ? share.id : file.id))
      .map((path) =>
        path
          .replace('{rendition}', '0')
          .replace('{name}', path.includes('rendition') ? '1.m4s' : 'main.m3u8'),
      )
    expect(paths.length).toBeGreaterThan(10)
    const { api } = matinee
    return [
      [api, request(api, '/')],
      ...[...paths, '/v1/events'].map((it): Asked => [api, request(api, it, [authorization()])]),
      [api, posted(api, '/v1/share', JSON.stringify({ file_id: file.id }), [authorization()])],
    ]
  }
  const posted = (base: string, path: string, body: string, headers: string[] = []): string => {
    const more = ['Content-Type: application/json', `Content-Length: ${body.length}`, ...headers]
    return request(base, path, more).replace(/^GET/, 'POST') + body
  }

  it('right after they asked, 1000 times and on every route, harm nobody', async () => {
    const asked = [...guests(), ...(await owners())]
    for (let count = 0, round = 0; count < 1000; count += asked.length, round += 1) {
      await Promise.all(
        asked.map(async ([base, text]) => {
          const socket = await opened(base)
          // Written and reset in one go, or a moment later: both sides of the routes' awaits are hit.
          await new Promise<void>((resolve) => socket.write(text, () => resolve()))
          if (round % 3 === 1) await new Promise((resolve) => setImmediate(resolve))
          socket.resetAndDestroy()
        }),
      )
    }
    expect((await matinee.v1('GET', '/health')).status).toBe(200)
    expect((await call('GET', share.stream_url ?? '')).status).toBe(200)
    // One stays: streaming keeps its sources open for the next segment.
    await until(() => !IS_LINUX || descriptors(file.path) <= 1)
    expect(uncaught).toEqual([])
  })
})

describe('S45: 2000 connections that say nothing, to the share listener', () => {
  it('leave the owner served as ever, and guests when they are gone', async () => {
    const sockets: Socket[] = []
    // Fewer at once than the system keeps waiting: those beyond it would think for seconds that they are connected.
    for (let batch = 0; batch < 10; batch += 1) {
      sockets.push(...(await Promise.all(Array.from({ length: 200 }, () => opened(matinee.shareBase)))))
    }
    const ends = sockets.map(closed)
    const times: number[] = []
    for (let count = 0; count < 5; count += 1) {
      const startedMs = performance.now()
      expect((await matinee.v1('GET', '/share')).status).toBe(200)
      times.push(performance.now() - startedMs)
    }
    // The list of cases has this time; the best of five, since other work of this machine is not what is tested.
    expect(Math.min(...times)).toBeLessThan(200)
    // Those beyond the limit are hung up on at once.
    await until(() => sockets.filter((it) => !it.destroyed).length <= LIMITS.connections)
    for (const it of sockets) it.destroy()
    await Promise.all(ends)
    const served = async (): Promise<number> => statusOf(await rawGet(matinee.shareBase, '/nothing'))
    await expect.poll(served, { timeout: 10_000 }).toBe(404)
  })
})

describe('events', () => {
  it('tell what happens, end with the client, and cost nothing after', async () => {
    const socket = await opened(matinee.api)
    let text = ''
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
    socket.write(request(matinee.api, '/v1/events', [`Authorization: Bearer ${matinee.key}`]))
    await until(() => text.includes('welcome'))
    expect(text).toMatch(/content-type: text\/event-stream/i)
    const other = await matinee.share((await matinee.addFile('told.mp4')).id)
    await until(() => text.includes(`"id":"${other.id}"`))
    expect(text).toContain('data: {"type":"share.updated","share":{')
    socket.destroy()
    const head = await call('HEAD', `${matinee.api}/v1/events`, {
      headers: { authorization: `Bearer ${matinee.key}` },
    })
    expect(head.status).toBe(200)
  })

  it('let go of a reader who does not read', async () => {
    const socket = await opened(matinee.api)
    socket.write(request(matinee.api, '/v1/events', [`Authorization: Bearer ${matinee.key}`]))
    await firstByte(socket)
    const { id } = await matinee.share((await matinee.addFile('flood.mp4')).id)
    const metadata = { filler: 'x'.repeat(60_000) }
    // More than the buffers of both ends hold: 18 MB.
    for (let count = 0; count < 300; count += 1)
      await matinee.v1('PUT', `/share/${id}`, { body: { metadata } })
    await closed(socket)
  })
})

describe('stopping', () => {
  it('does not wait for those who are still being sent to', async () => {
    const other = await startTestMatinee()
    const large = await other.addFile('large.mp4', { padTo: 64 * MIB })
    const link = await other.share(large.id)
    const download = await opened(other.shareBase)
    download.write(request(other.shareBase, new URL(link.media_download_url ?? '').pathname))
    const events = await opened(other.api)
    events.write(request(other.api, '/v1/events', [`Authorization: Bearer ${other.key}`]))
    await Promise.all([firstByte(download), firstByte(events)])
    const ends = [closed(download), closed(events)]
    await other.stop()
    await Promise.all(ends)
    expect(statusOf(await rawGet(matinee.shareBase, '/nothing'))).toBe(404)
  })
})
