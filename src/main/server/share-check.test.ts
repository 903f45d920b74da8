import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Share } from '../../shared/api/share.ts'
import type { ShareCheck } from '../../shared/api/share-check.ts'
import type { Purpose } from '../shares/token.ts'
import { trialKeys } from '../shares/trial-keys.ts'
import type { Deps } from './deps.ts'
import { createShareCheck } from './share-check.ts'
import { startTestMatinee, type TestMatinee } from './testing.ts'

let matinee: TestMatinee
let hidden: Share
beforeAll(async () => {
  matinee = await startTestMatinee()
  const file = await matinee.addFile('Checked film.mp4')
  hidden = await matinee.share(file.id, { visibility: 'private', title: 'A checked title' })
})
afterAll(() => matinee.stop())

async function check(id: string): Promise<ShareCheck> {
  const { status, text, json } = await matinee.v1('POST', `/share/${id}/check`)
  expect(status, text).toBe(200)
  return json as unknown as ShareCheck
}
const attemptsOf = ({ checks }: ShareCheck): string[] => checks.map((it) => it.attempt)

describe('the check of a share', () => {
  it('tries every way into a private one and finds it shut, and its own addresses working', async () => {
    const result = await check(hidden.id)
    expect(result.checks.filter((it) => !it.ok)).toEqual([])
    expect(result).toMatchObject({ object: 'share_check', share_id: hidden.id, ok: true })
    expect(result.requests).toBe(result.checks.reduce((sum, it) => sum + it.requests, 0))
    expect(result.requests).toBeGreaterThan(500)
    expect(attemptsOf(result)).toEqual([
      ...[
        'own_key',
        'bare_link',
        'as_chat',
        'misplaced_key',
        'expired',
        'other_purpose',
        'other_window',
        'tampered',
      ],
      ...['foreign', 'signed_out', 'unknown', 'odd_method', 'odd_address', 'private_listener'],
    ])
    expect(result.checks[0]).toMatchObject({ expected: [200], got: [200], requests: 2 })
    expect(result.checks[1]).toMatchObject({ expected: [401], got: [401] })
  })

  it('of a public one tries the keys that do not hold, and counts no view', async () => {
    const open = await matinee.share(hidden.file_id, { title: 'An open title' })
    const result = await check(open.id)
    expect(result.ok).toBe(true)
    expect(attemptsOf(result)).not.toContain('bare_link')
    expect((await matinee.v1('GET', `/share/${open.id}`)).json.view_count).toBe(0)
    const row = matinee.store.shares.byId(open.id)
    if (row) matinee.store.shares.update({ ...row, expiresAt: Date.now() - 1 })
    const over = await check(open.id)
    expect(over.ok).toBe(true)
    expect(over.checks.slice(0, 2).map((it) => it.got)).toEqual([[410], [410]])
  })

  it('is only of shares that there are', async () => {
    expect((await matinee.v1('POST', `/share/${randomUUID()}/check`)).status).toBe(404)
  })
})

describe('a listener that lets somebody in', () => {
  let leaky: Server
  /** How the next requests are answered. */
  let answer: { status: number; type: string; text: string }
  beforeAll(async () => {
    leaky = createServer((_request, response) => {
      response.writeHead(answer.status, { 'content-type': answer.type, 'cache-control': 'no-store' })
      response.end(answer.text)
    })
    await new Promise<void>((resolve) => leaky.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => leaky.close())

  const checkLeaky = (): Promise<ShareCheck> => {
    const { port } = leaky.address() as AddressInfo
    const row = matinee.store.shares.byId(hidden.id)
    if (!row) throw new Error('there is no such share')
    const deps = {
      shares: {
        get: () => hidden,
        trialKeys: (_: string, purpose: Purpose) => trialKeys(matinee.secret, row, purpose, Date.now()),
      },
      library: { get: () => ({ filename: 'Checked film.mp4' }) },
      health: () => ({ share_url: `http://127.0.0.1:${port}` }),
    } as unknown as Pick<Deps, 'shares' | 'library' | 'health'>
    return createShareCheck(deps)(hidden.id, new AbortController().signal)
  }
  const JSON_TYPE = 'application/json; charset=utf-8'

  it.each([
    [{ status: 200, type: 'video/mp4', text: 'ftyp' }, 'it was answered with 200'],
    [{ status: 500, type: JSON_TYPE, text: '{}' }, 'it was answered with 500'],
    [{ status: 401, type: 'video/mp4', text: '{}' }, 'the refusal is neither JSON nor a page'],
    [{ status: 401, type: JSON_TYPE, text: '#EXTM3U' }, 'the refusal has media in it'],
  ])('is found out, with what gave it away (%#)', async (given, reason) => {
    answer = given
    const result = await checkLeaky()
    expect(result.ok).toBe(false)
    const bare = result.checks.find((it) => it.attempt === 'bare_link')
    expect(bare?.ok).toBe(false)
    expect(bare?.faults).toHaveLength(10)
    expect(bare?.faults[0]?.reason).toBe(reason)
    // What is told of a fault can be shown to anybody: no key stands in it.
    expect(JSON.stringify(result)).not.toMatch(/m1\.[\w-]{20}/)
  })

  it('is found out by a word, unless every page says that word', async () => {
    answer = { status: 401, type: JSON_TYPE, text: '{"error":"Sign in to see A checked title."}' }
    // The page of a share that there is not says it too, here: it gives nothing away.
    expect((await checkLeaky()).checks.find((it) => it.attempt === 'bare_link')?.ok).toBe(true)
    leaky.removeAllListeners('request')
    leaky.on('request', ({ url }, response) => {
      const isOfIt = url?.includes(hidden.id) ?? false
      response.writeHead(401, { 'content-type': JSON_TYPE, 'cache-control': 'no-store' })
      response.end(isOfIt ? '{"error":"Checked film.mp4"}' : '{}')
    })
    const told = (await checkLeaky()).checks.find((it) => it.attempt === 'bare_link')
    expect(told?.faults[0]?.reason).toBe('the refusal tells what the share is about')
  })
})
