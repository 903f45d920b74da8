import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, rawGet, startTestMatinee, type TestMatinee } from './testing.ts'

let matinee: TestMatinee
beforeAll(async () => {
  matinee = await startTestMatinee()
})
afterAll(() => matinee.stop())

type Json = { [name: string]: Json | undefined }
/** Names of everything that a body can hold, however deep. */
const namesIn = (schema: Json | undefined): string[] =>
  Object.entries(schema ?? {}).flatMap(([key, value]) => {
    if (typeof value !== 'object') return []
    return [...(key === 'properties' ? Object.keys(value) : []), ...namesIn(value)]
  })

describe('S52: programs that Matinee runs', () => {
  it('are named in no body and no query that the API knows', async () => {
    const document = (await matinee.v1('GET', '/openapi.json')).json as unknown as Json
    const names = Object.values(document['paths'] ?? {}).flatMap((methods) =>
      Object.values(methods ?? {}).flatMap((route) => [
        ...namesIn(route?.['requestBody']),
        ...Object.values(route?.['parameters'] ?? {}).map((it) => it?.['name'] as unknown as string),
      ]),
    )
    expect(names).toContain('title')
    expect(
      names.filter((it) => /ffmpeg|ffprobe|program|binary|executable|command|shell|env/i.test(it)),
    ).toEqual([])
  })

  it('are not changed by whoever sends one all the same', async () => {
    const canary = join(matinee.folder, 'canary')
    const script = join(matinee.folder, 'ffmpeg')
    writeFileSync(script, `#!/bin/sh\ntouch '${canary}'\n`)
    chmodSync(script, 0o755)
    const before = (await matinee.v1('GET', '/health')).json as unknown as Json
    const path = { ffmpeg: script, ffmpeg_path: script, ffprobe_path: script, FFMPEG_PATH: script }
    for (const method of ['PUT', 'POST', 'PATCH']) {
      for (const address of ['/settings', '/health', '/settings/ffmpeg', '/system']) {
        const { status } = await matinee.v1(method, address, { body: { ...path, ffmpeg: path, tools: path } })
        expect(status, `${method} ${address}`).toBeLessThan(500)
      }
    }
    const body = { path: matinee.makeFile('plain.mp4'), ...path, env: path }
    expect((await matinee.v1('POST', '/files', { body })).status).toBe(200)
    await matinee.addFile('other.mp4')
    const after = (await matinee.v1('GET', '/health')).json as unknown as Json
    expect(after['ffmpeg']).toEqual(before['ffmpeg'])
    expect(existsSync(canary)).toBe(false)
  })
})

describe('S66: without further ado', () => {
  const ports = (): number[] => [matinee.api, matinee.shareBase].map((it) => Number(new URL(it).port))

  it.runIf(process.platform === 'linux')('both listeners listen on 127.0.0.1 alone', () => {
    const LISTENING = '0A'
    const listening = ['tcp', 'tcp6'].flatMap((it) =>
      readFileSync(`/proc/net/${it}`, 'utf8')
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(/\s+/))
        .filter(([, , , state]) => state === LISTENING)
        .map(([, local = '']) => local),
    )
    for (const port of ports()) {
      const hex = port.toString(16).toUpperCase().padStart(4, '0')
      // 127.0.0.1 as the kernel writes it, lowest byte first.
      expect(listening.filter((it) => it.endsWith(`:${hex}`))).toEqual([`0100007F:${hex}`])
    }
  })

  it('nobody answers at the other addresses of this computer', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((it) => it ?? [])
      .filter((it) => it.address !== '127.0.0.1' && !it.scopeid)
      .map((it) => it.address)
    const isOpen = (host: string, port: number): Promise<boolean> =>
      new Promise((resolve) => {
        const socket = connect({ host, port, timeout: 2_000 })
        const end = (open: boolean) => () => {
          socket.destroy()
          resolve(open)
        }
        socket.once('connect', end(true))
        socket.once('error', end(false))
        socket.once('timeout', end(false))
      })
    for (const port of ports()) {
      expect(await isOpen('127.0.0.1', port)).toBe(true)
      for (const host of others) expect(await isOpen(host, port), host).toBe(false)
    }
  })
})

describe('S28: whatever goes wrong', () => {
  it('is told without a word of what Matinee is made of', async () => {
    const wrong: [method: string, url: string, headers: Record<string, string>][] = [
      ['GET', matinee.at('/nothing'), {}],
      ['DELETE', matinee.at('/oembed'), {}],
      ['GET', matinee.at('/share/%ff'), {}],
      ['GET', matinee.at('/stream/m1.a.b/main.m3u8'), {}],
      ['POST', matinee.at('/share/x/view'), { 'content-type': 'text/plain' }],
      ['GET', `${matinee.api}/v1/share`, {}],
      ['GET', `${matinee.api}/v1/share`, { origin: 'https://evil.test' }],
      ['GET', matinee.api, {}],
      ['GET', `${matinee.api}/nothing`, {}],
    ]
    for (const [method, url, headers] of wrong) {
      const answer = await call(method, url, { headers, ...(method === 'POST' ? { body: 'x' } : {}) })
      expect(answer.status, url).toBeGreaterThanOrEqual(400)
      const all = `${JSON.stringify([...answer.headers])}${answer.text}`
      expect(all, url).not.toMatch(/fastify|node\.?js|v\d+\.\d+\.\d+|sqlite|ffmpeg|FST_|\bat \S+ \(|\.ts:/i)
      expect(all).not.toContain(matinee.folder)
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
      expect(answer.headers.get('content-security-policy')).not.toMatch(/unsafe-/)
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
  })
})

describe('S15: the share listener, which answers to any name,', () => {
  it('believes none that a guest writes: no answer depends on it', async () => {
    const { id } = await matinee.share((await matinee.addFile('named.mp4')).id)
    const asked = encodeURIComponent(matinee.at(`/share/${id}`))
    for (const path of [
      `/share/${id}`,
      `/share/${id}/playback`,
      `/oembed?url=${asked}`,
      `/share/x`,
      '/nothing',
    ]) {
      const plain = bodyOf(await rawGet(matinee.shareBase, path))
      for (const headers of [
        ['Host: evil.test'],
        ['Host: evil.test:80@127.0.0.1'],
        ['X-Forwarded-Host: evil.test', 'X-Forwarded-Proto: https', 'X-Forwarded-Port: 81'],
        ['Forwarded: host=evil.test;proto=https', 'X-Original-URL: /v1/share', 'X-Rewrite-URL: /v1/share'],
      ]) {
        const answer = await rawGet(matinee.shareBase, path, headers)
        expect(answer).not.toContain('evil.test')
        expect(bodyOf(answer), `${path} ${headers.join()}`).toBe(plain)
      }
    }
  })
})

const bodyOf = (answer: string): string => answer.slice(answer.indexOf('\r\n\r\n'))
