import { mkdtempSync, readdirSync, readFileSync, statSync, chmodSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeFileAtomic } from './atomic-file.ts'
import { readOrCreateSecret } from './secret-file.ts'

const folder = (): string => mkdtempSync(join(tmpdir(), 'matinee-base-'))

test('a file is written whole and leaves no temporary one', async () => {
  const dir = folder()
  await writeFileAtomic(join(dir, 'deep', 'file.json'), '{}')
  await writeFileAtomic(join(dir, 'deep', 'file.json'), '{"a":1}')
  expect(readFileSync(join(dir, 'deep', 'file.json'), 'utf8')).toBe('{"a":1}')
  expect(readdirSync(join(dir, 'deep'))).toEqual(['file.json'])
})

test('a write that fails leaves the old file and nothing else', async () => {
  const dir = folder()
  await writeFileAtomic(join(dir, 'a'), 'old')
  await expect(writeFileAtomic(join(dir, 'a', 'b'), 'new')).rejects.toThrow()
  expect(readFileSync(join(dir, 'a'), 'utf8')).toBe('old')
  expect(readdirSync(dir)).toEqual(['a'])
})

test('S32: a secret is 256 random bits in a file that only its owner reads, and stays the same', async () => {
  const path = join(folder(), 'secret')
  const secret = await readOrCreateSecret(path)
  expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  chmodSync(path, 0o644)
  expect(await readOrCreateSecret(path)).toBe(secret)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})
