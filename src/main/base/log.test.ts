import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { createLog, withoutSecrets } from './log.ts'

test('the log holds no key, cookie, password or token', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'matinee-log-')), 'matinee.log')
  const log = createLog({ file })
  log.info(
    { req: { headers: { authorization: 'Bearer KEY-1', cookie: 'KEY-2' } }, body: { password: 'KEY-3' } },
    'a',
  )
  log.info({ token: 'KEY-4', apiKey: 'KEY-5', url: withoutSecrets('/?launch=KEY-6&x=1') }, 'last')
  log.flush()
  await vi.waitUntil(() => existsSync(file) && readFileSync(file, 'utf8').includes('last'))
  expect(readFileSync(file, 'utf8')).not.toMatch(/KEY-\d/)
})

test('a token in a path is replaced, a public id stays readable', () => {
  expect(withoutSecrets('/stream/m1.abc.def/0/1.m4s')).toBe('/stream/[token]/0/1.m4s')
  expect(withoutSecrets('/stream/7b0e/main.m3u8')).toBe('/stream/7b0e/main.m3u8')
})
