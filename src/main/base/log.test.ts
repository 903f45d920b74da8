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
  expect(withoutSecrets('/poster/7b0e.jpg?size=card')).toBe('/poster/7b0e.jpg?size=card')
})

test.each([
  '/stream/m1.SECRET.SECRET/main.m3u8',
  '/poster/m1.SECRET.SECRET.jpg',
  '/download/m1.SECRET.SECRET/film.mp4?x=1',
  '/stream/m1%2ESECRET%2ESECRET/main.m3u8',
  '/stream/%6D1.SECRET.SECRET/0/0.m4s',
  '/stream/7b0e/m1.SECRET.SECRET/main.m3u8',
  '/stream/m1.SECRET.SECRETm1.SECRET.SECRET/main.m3u8',
  '/share/m1.SECRET.SECRET',
  '/oembed?url=http%3A%2F%2Fhere%2Fstream%2Fm1.SECRET.SECRET%2Fmain.m3u8&format=json',
  '/oembed?url=http%3A%2F%2Fhere%2Fshare%2Fm1.SECRET.SECRET',
  '/v1/share/m1.SECRET.SECRET?reach=lan',
])('no part of a token is left in %s', (url) => {
  expect(withoutSecrets(url)).not.toContain('SECRET')
  expect(withoutSecrets(url)).toContain('[token]')
})
