import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { checkFloors, ENTRIES, HOMES, MAY_IMPORT } from './check-floors.ts'

const made: string[] = []
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true })
})

/** A made-up tree of files below src; the problems found in it. */
function problemsOf(files: Record<string, string>): string[] {
  const root = mkdtempSync(join(tmpdir(), 'matinee-floors-'))
  made.push(root)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, 'src', name)), { recursive: true })
    writeFileSync(join(root, 'src', name), text)
  }
  return checkFloors(root)
}

const BASE = { 'main/base/log.ts': 'export const log = 1', 'shared/media.ts': 'export type Media = string' }

test('imports that go down are fine', () => {
  const problems = problemsOf({
    ...BASE,
    'main/store/store.ts': `import { log } from '../base/log.ts'\nimport Database from 'better-sqlite3'\nexport { log, Database }`,
    'main/shares/shares.ts': `import type { Media } from '../../shared/media.ts'\nexport * as it from 'node:path'\nexport const x = await import('../store/store.ts')`,
    'main/engine.ts': `import { x } from './shares/shares.ts'`,
    'main/index.ts': `import './engine.ts'\nimport 'electron'`,
  })
  expect(problems).toEqual([])
})

test.each([
  ['up', 'main/base/up.ts', `import '../store/store.ts'`, 'main/base may not import main/store'],
  [
    'up, as a type',
    'main/base/up.ts',
    `import type { S } from '../store/store.ts'`,
    'main/base may not import main/store',
  ],
  [
    'up, by import()',
    'shared/up.ts',
    `void import('../main/store/store.ts')`,
    'shared may not import main/store',
  ],
  [
    'up, in a type',
    'shared/up.ts',
    `type S = import('../main/store/store.ts').S`,
    'shared may not import main/store',
  ],
  ['sideways', 'main/media/side.ts', `import '../store/store.ts'`, 'main/media may not import main/store'],
  [
    'past a service',
    'main/server/routes/a.ts',
    `import '../../store/store.ts'`,
    'main/server may not import main/store',
  ],
  [
    'into the engine',
    'renderer/manager/a.ts',
    `import '../../main/store/store.ts'`,
    'renderer/manager may not import main/store',
  ],
  [
    'out of src',
    'main/base/out.ts',
    `import '../../../package.json'`,
    'main/base may not import package.json',
  ],
])('an import that goes %s is reported with its line', (_name, file, text, complaint) => {
  const problems = problemsOf({ ...BASE, 'main/store/store.ts': 'export type S = 1', [file]: `\n${text}` })
  expect(problems.find((it) => it.includes(complaint))).toMatch(new RegExp(`^src/${file}:2: `))
})

test('server may use the type that travels from library to streaming, and no other file of media', () => {
  const problems = problemsOf({
    'main/media/playable.ts': 'export type Playable = 1',
    'main/media/probe.ts': 'export const probe = 1',
    'main/server/a.ts': `import type { Playable } from '../media/playable.ts'\nimport { probe } from '../media/probe.ts'`,
  })
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain('src/main/server/a.ts:2')
})

test('a third party outside its home is reported, and one without a home too', () => {
  const problems = problemsOf({
    'main/library/a.ts': `import Database from 'better-sqlite3'`,
    'main/media/b.ts': `import ffmpeg from 'fluent-ffmpeg'`,
    'main/store/c.ts': `const electron = require('electron/main')`,
    'renderer/manager/d.ts': `import { join } from 'node:path'`,
    'shared/e.ts': `import lodash from 'lodash/fp'`,
  })
  expect(problems).toEqual([
    'src/main/library/a.ts:1: better-sqlite3 may only be imported in main/store',
    'src/main/media/b.ts:1: fluent-ffmpeg may only be imported in main/media/ffmpeg',
    'src/main/store/c.ts:1: electron/main may only be imported in main/electron, main/index, preload',
    'src/renderer/manager/d.ts:1: node:path may only be imported in main',
    'src/shared/e.ts:1: lodash has no home in scripts/check-floors.ts',
  ])
})

test('a circle is reported once, with the way round', () => {
  const problems = problemsOf({
    'main/base/a.ts': `import './b.ts'`,
    'main/base/b.ts': `import './c.ts'`,
    'main/base/c.ts': `import './a.ts'`,
  })
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(
    'src/main/base/a.ts → src/main/base/b.ts → src/main/base/c.ts → src/main/base/a.ts',
  )
})

test('barrels and index.ts files that are no entry are reported', () => {
  const problems = problemsOf({
    ...BASE,
    'main/base/index.ts': 'export const here = 1',
    'main/base/all.ts': `export * from './log.ts'`,
    'main/base/some.ts': `export { log } from './log.ts'`,
  })
  expect(problems).toEqual([
    expect.stringContaining('src/main/base/all.ts:1: re-exports'),
    expect.stringContaining('src/main/base/index.ts: index.ts means an entry'),
    expect.stringContaining('src/main/base/some.ts:1: re-exports'),
  ])
})

test('the share page may not reach React, however long the way', () => {
  const problems = problemsOf({
    'renderer/ui/dialog.tsx': `import { useState } from 'react'`,
    'renderer/ui/text.ts': `import './dialog.tsx'`,
    'renderer/player/player.ts': `import Hls from 'hls.js'`,
    'renderer/share/main.ts': `import '../player/player.ts'\nimport '../ui/text.ts'`,
  })
  expect(problems).toEqual([
    expect.stringMatching(
      /^src\/renderer\/share\/main\.ts: reaches react by .*text\.ts → .*dialog\.tsx → react$/,
    ),
  ])
})

test('tests may import across floors, and product code may not import them', () => {
  const problems = problemsOf({
    'main/store/testing.ts': 'export const aFile = 1',
    'main/base/log.test.ts': `import { aFile } from '../store/testing.ts'\nimport 'vitest'`,
    'main/shares/shares.ts': `import { aFile } from '../store/testing.ts'`,
  })
  expect(problems).toEqual([
    'src/main/shares/shares.ts:1: product code imports the test helper src/main/store/testing.ts',
  ])
})

test('a file that is not there, and one that stands on no floor, are reported', () => {
  const problems = problemsOf({
    'main/base/a.ts': `import './b'\nimport './style.css?inline'`,
    'main/base/style.css': '',
    'main/cellar/c.ts': `import '../base/a.ts'`,
  })
  expect(problems).toEqual([
    'src/main/base/a.ts:1: there is no ./b',
    expect.stringContaining('src/main/cellar/c.ts stands on no floor'),
  ])
})

test('the table itself names only floors that exist in it, and never a way back up', () => {
  for (const [floor, allowed] of Object.entries(MAY_IMPORT)) {
    for (const other of allowed) {
      const below = Object.keys(MAY_IMPORT).find((name) => other === name || other.startsWith(`${name}/`))
      if (other === 'package.json') continue
      expect(below, `${floor} → ${other}`).toBeDefined()
      expect(MAY_IMPORT[below ?? ''], `${other} → ${floor}`).not.toContain(floor)
    }
  }
  expect(Object.keys(HOMES)).toContain('better-sqlite3')
  expect(ENTRIES).toHaveLength(2)
})

test('this very house is in order', () => {
  expect(checkFloors(resolve(import.meta.dirname, '..'))).toEqual([])
})
