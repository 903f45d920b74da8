import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
const read = (file: string): string => readFileSync(resolve(ROOT, file), 'utf8')

/** Case ids at the start of the titles of tests. */
function testedCases(): Set<string> {
  const files = globSync('{src,e2e,scripts}/**/*.{test,spec,contract}.ts', { cwd: ROOT })
  const titles = files.flatMap((file) => read(file).match(/['"`]S\d+(, ?S\d+)*: /g) ?? [])
  return new Set(titles.flatMap((it) => it.match(/S\d+/g) ?? []))
}

/** Case ids in the first column of the table in docs/security.md. */
function toldCases(): Set<string> {
  const rows = read('docs/security.md').match(/^\| S\d[^|]*\|/gm) ?? []
  return new Set(rows.flatMap((it) => it.match(/S\d+/g) ?? []))
}

test('docs/security.md tells of the very cases that tests are named by', () => {
  const sorted = (cases: Set<string>): string[] =>
    [...cases].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)))
  expect(sorted(toldCases())).toEqual(sorted(testedCases()))
})
