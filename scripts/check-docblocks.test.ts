import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checkDocblocks } from './check-docblocks.ts'

const root = mkdtempSync(join(tmpdir(), 'matinee-docblocks-'))
afterAll(() => {
  rmSync(root, { recursive: true })
})

test('every export without a docblock is named, in files of all kinds of exports', () => {
  writeFileSync(
    join(root, 'a.ts'),
    [
      '/** Told. */',
      'export const told = 1',
      '// Not a docblock.',
      'export const untold = 2',
      'const inside = 3',
      '/** @internal */',
      'export type OnlyTags = typeof inside',
      '/** Told. */',
      'export interface Told {}',
      'export function bare() {}',
      'export class Bare {}',
    ].join('\n'),
  )
  writeFileSync(join(root, 'a.test.ts'), 'export const fixture = 1')
  expect(checkDocblocks(root, '.')).toEqual([
    'a.ts:4: untold has no docblock',
    'a.ts:7: OnlyTags has no docblock',
    'a.ts:10: bare has no docblock',
    'a.ts:11: Bare has no docblock',
  ])
})
