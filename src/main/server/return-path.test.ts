import { expect, test } from 'vitest'
import { returnPath } from './return-path.ts'

test.each([
  '/share/0b0c8c7e-7f7f-4f3a-8f4f-0b0c8c7e7f7f',
  '/share/abc?s=1m30s&e=120&clip=hard',
  '/share/abc?layout=minimal',
])('leads back to the page %s', (path) => {
  expect(returnPath(path)).toBe(path)
})

test.each([
  undefined,
  '',
  'share/abc',
  'https://evil.test/share/abc',
  '//evil.test/share/abc',
  '/\\evil.test/share/abc',
  '\\\\evil.test/share/abc',
  '/\t/evil.test/share/abc',
  '/share//evil.test',
  '/share/../sign-in',
  '/share/abc/../../sign-in',
  '/share/abc/view',
  '/sign-out',
  '/%2fevil.test',
  'javascript:alert(1)',
])('leads nowhere by %j', (path) => {
  expect(returnPath(path)).toBeNull()
})
