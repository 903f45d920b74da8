import { readdirSync, readlinkSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { File } from '../../shared/api/file.ts'
import type { Share } from '../../shared/api/share.ts'
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

const opened = (base: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(base).port), '127.0.0.1', () => resolve(socket))
    socket.once('error', reject)
  })
const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.on('error', () => undefined)
    socket.resume()
    if (socket.closed) resolve()
    else socket.once('close', () => resolve())
  })
const firstByte = (socket: Socket): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once('data', () => {
      socket.pause()
      resolve()
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('closed before the first byte')))
  })
const request = (base: string, path: string, headers: readonly string[] = []): string =>
  ['GET ' + path + ' HTTP/1.1', `Host: ${new URL(base).host}`, ...headers, '', ''].join('\r\n')

/** Open descriptors of this process that are the media file. */
const descriptorsOf = (path: string): number =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path
    } catch {
      return false
    }
  }).length

const until = async (condition: () => boolean): Promise<void> => {
  await expect.poll(condition, { timeout: 10_000, interval: 20 }).toBe(true)
}

describe.runIf(process.platform === 'linux')('S38: aborted downloads', () => {
  const download = (): string => new URL(share.media_download_url ?? '').pathname

  it('leave no descriptor open', async () => {
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(
        Array.from({ length: 50 }, async (_, at) => {
          const socket = await opened(matinee.shareBase)
          socket.write(request(matinee.shareBase, download(), [`Range: bytes=${at}-`]))
          await firstByte(socket)
          socket.resetAndDestroy()
        }),
      )
    }
    await until(() => descriptorsOf(file.path) === 0)
  })

  it('share one descriptor while they run', async () => {
    const sockets = await Promise.all(Array.from({ length: 20 }, () => opened(matinee.shareBase)))
    for (const it of sockets) it.write(request(matinee.shareBase, download()))
    await Promise.all(sockets.map(firstByte))
    expect(descriptorsOf(file.path)).toBe(1)
    for (const it of sockets) it.destroy()
    await until(() => descriptorsOf(file.path) === 0)
  })

  it('also those that wait behind another on one connection', async () => {
    const socket = await opened(matinee.shareBase)
    socket.write(request(matinee.shareBase, download()).repeat(30))
    await firstByte(socket)
    socket.resetAndDestroy()
    await until(() => descriptorsOf(file.path) === 0)
  })

  it('of the owner too', async () => {
    const path = `/v1/files/${file.id}/content`
    for (let round = 0; round < 20; round += 1) {
      const socket = await opened(matinee.api)
      socket.write(request(matinee.api, path, [`Authorization: Bearer ${matinee.key}`]))
      await firstByte(socket)
      socket.resetAndDestroy()
    }
    await until(() => descriptorsOf(file.path) === 0)
  })
})

describe('S39: clients that vanish', () => {
  it('right after they asked, harm nobody', async () => {
    const key = `Authorization: Bearer ${matinee.key}`
    const { id } = share
    const asked: [base: string, path: string, headers: string[]][] = [
      [matinee.shareBase, `/stream/${id}/main.m3u8`, []],
      [matinee.shareBase, `/stream/${id}/0/media.m3u8`, []],
      [matinee.shareBase, `/stream/${id}/0/init.mp4`, []],
      [matinee.shareBase, `/stream/${id}/0/0.m4s`, []],
      [matinee.shareBase, `/stream/${id}/0/99.m4s`, []],
      [matinee.shareBase, `/poster/${id}.jpg`, []],
      [matinee.shareBase, `/download/${id}/x`, []],
      [matinee.shareBase, `/download/${id}/x`, ['Range: bytes=5-']],
      [matinee.shareBase, `/share/${id}/playback`, []],
      [matinee.shareBase, `/nothing`, []],
      [matinee.api, '/', []],
      [matinee.api, '/v1/files', [key]],
      [matinee.api, '/v1/events', [key]],
      [matinee.api, `/v1/files/${file.id}/content`, [key]],
      [matinee.api, `/v1/files/${file.id}/thumbnails/poster.jpg`, [key]],
      [matinee.api, `/v1/files/${file.id}/stream/0/1.m4s`, [key]],
      [matinee.api, '/v1/openapi.json', [key]],
    ]
    for (let round = 0; round < 60; round += 1) {
      await Promise.all(
        asked.map(async ([base, path, headers]) => {
          const socket = await opened(base)
          // Written and reset in one go, or a moment later: both sides of the routes' awaits are hit.
          await new Promise<void>((resolve) => socket.write(request(base, path, headers), () => resolve()))
          if (round % 3 === 1) await new Promise((resolve) => setImmediate(resolve))
          socket.resetAndDestroy()
        }),
      )
    }
    expect((await matinee.v1('GET', '/health')).status).toBe(200)
    expect((await call('GET', share.stream_url ?? '')).status).toBe(200)
    // One stays: streaming keeps its sources open for the next segment.
    await until(() => process.platform !== 'linux' || descriptorsOf(file.path) <= 1)
    expect(uncaught).toEqual([])
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
