import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'playwright/test'
import { testMedia } from '../scripts/test-media.ts'
import { startBuiltEngine } from './engine.ts'

const HEADLESS = resolve(import.meta.dirname, '../out/main/headless.js')
const folder = (): string => mkdtempSync(join(tmpdir(), 'matinee-command-'))
const matinee = (...args: string[]) => spawnSync(process.execPath, [HEADLESS, ...args], { encoding: 'utf8' })

test('the first start writes api-key and endpoint.json, and SIGTERM ends it with 0', async () => {
  const dataDir = folder()
  const engine = await startBuiltEngine({ dataDir })
  expect(statSync(join(dataDir, 'api-key')).mode & 0o777).toBe(0o600)
  expect(statSync(join(dataDir, 'secret')).mode & 0o777).toBe(0o600)
  const endpoint = JSON.parse(readFileSync(join(dataDir, 'endpoint.json'), 'utf8')) as object
  expect(endpoint).toMatchObject({
    api_url: engine.apiUrl,
    share_url: engine.shareUrl,
    pid: engine.process.pid,
  })
  expect(await engine.stop()).toBe(0)
  expect(existsSync(join(dataDir, 'endpoint.json'))).toBe(false)
  const again = await startBuiltEngine({ dataDir })
  expect(again.key).toBe(engine.key)
  expect(await again.stop()).toBe(0)
})

test('SIGINT ends it with 0 while a client holds a stream of events open', async () => {
  const engine = await startBuiltEngine({ dataDir: folder() })
  const events = await fetch(`${engine.apiUrl}/v1/events`, {
    headers: { authorization: `Bearer ${engine.key}` },
  })
  expect(events.headers.get('content-type')).toContain('text/event-stream')
  engine.process.kill('SIGINT')
  const [code] = (await once(engine.process, 'exit')) as [number | null]
  expect(code).toBe(0)
  await events.body?.cancel().catch(() => undefined)
})

test('S74: a second instance on one data folder is refused, and the first goes on', async () => {
  const dataDir = folder()
  const engine = await startBuiltEngine({ dataDir })
  const second = matinee('serve', '--data-dir', dataDir, '--port', '0', '--share-port', '0')
  expect(second.status).toBe(1)
  expect(second.stderr).toContain('Another Matinee is using the data folder')
  expect(await engine.call('GET', '/health')).toMatchObject({ status: 'ok' })
  await engine.stop()
})

test('a port in use is told with the next step, and the data folder is free again', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  const dataDir = folder()
  const refused = matinee('serve', '--data-dir', dataDir, '--port', String(port), '--share-port', '0')
  taken.close()
  expect(refused.status).toBe(1)
  expect(refused.stderr).toContain(`Port ${port} is taken`)
  expect(refused.stderr).toContain('--port')
  expect(await (await startBuiltEngine({ dataDir })).stop()).toBe(0)
})

test('wrong options and what comes later are one clear line each', () => {
  for (const [args, text] of [
    [['serve', '--lan'], '--lan comes in a later version'],
    [['serve', '--tunnel'], '--tunnel comes in a later version'],
    [['doctor'], 'comes in a later version'],
    [['fly'], 'There is no command "fly"'],
    [['serve', '--port', 'x'], '--port takes a port'],
    [['open', '--data-dir', folder()], 'No Matinee runs on'],
  ] as const) {
    const { status, stderr } = matinee(...args)
    expect(status, args.join(' ')).toBeGreaterThan(0)
    expect(stderr).toContain(text)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  }
  expect(matinee('--help').stdout).toContain('--public-url')
})

test('matinee open prints a fresh address for the running one, good once', async () => {
  const dataDir = folder()
  const engine = await startBuiltEngine({ dataDir })
  const child = spawn(process.execPath, [HEADLESS, 'open', '--data-dir', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [out] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
  const url = out.trim()
  expect(url).toContain(`${engine.apiUrl}/?launch=`)
  const first = await fetch(url, { redirect: 'manual' })
  expect(first.status).toBe(302)
  expect(first.headers.get('set-cookie')).toMatch(/matinee_owner_\d+=[\w-]+; .*HttpOnly.*SameSite=Strict/i)
  expect((await fetch(url, { redirect: 'manual' })).status).toBe(401)
  await engine.stop()
})

test('files, shares and what was being prepared survive a kill -9', async () => {
  const dataDir = folder()
  const engine = await startBuiltEngine({ dataDir })
  const file = await engine.addFile(testMedia('h264-aac.mov'))
  const share = await engine.share(file.id, { title: 'kept' })
  const flv = await engine.addFile(testMedia('h264-aac.flv'))
  const pending = await engine.call<{ id: string }>('POST', '/share', { file_id: flv.id })
  engine.process.kill('SIGKILL')
  await once(engine.process, 'exit')

  const again = await startBuiltEngine({ dataDir })
  expect(await again.call('GET', `/share/${share.id}`)).toMatchObject({ title: 'kept', status: 'completed' })
  await expect
    .poll(async () => (await again.call<{ status: string }>('GET', `/share/${pending.id}`)).status)
    .toBe('completed')
  expect(await again.call('GET', '/files')).toMatchObject({ total: 2 })
  await again.stop()
})
