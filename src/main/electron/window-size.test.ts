import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { fittingSize, readSaved, saveSize } from './window-size.ts'

const folder = mkdtempSync(join(tmpdir(), 'matinee-window-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})
const AREA = { width: 1920, height: 1080 }

test('a kept size comes back', () => {
  const file = join(folder, 'window.json')
  saveSize(file, { width: 1000, height: 700, isMaximized: true })
  expect(fittingSize(readSaved(file), AREA)).toEqual({ width: 1000, height: 700, isMaximized: true })
})

test('nothing kept, or nonsense, gives the first size', () => {
  const file = join(folder, 'broken.json')
  writeFileSync(file, '{"width": 10')
  for (const saved of [
    readSaved(file),
    readSaved(join(folder, 'absent')),
    null,
    3,
    { width: 'x' },
    { width: 1e999 },
  ]) {
    expect(fittingSize(saved, AREA)).toEqual({ width: 1280, height: 800, isMaximized: false })
  }
})

test('a size of another screen is brought inside this one, and never below the smallest', () => {
  const big = { width: 3800, height: 2000, isMaximized: false }
  expect(fittingSize(big, AREA)).toMatchObject({ width: 1920, height: 1080 })
  expect(fittingSize({ ...big, width: 10 }, { width: 800, height: 500 })).toMatchObject({
    width: 900,
    height: 600,
  })
})
