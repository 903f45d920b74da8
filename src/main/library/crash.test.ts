import { spawn } from 'node:child_process'
import { copyFileSync, linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'
import BetterSqlite3 from 'better-sqlite3'
import { testMedia } from '../../../scripts/test-media.ts'
import { openLibrary, waitUntil } from './testing.ts'

const FILES = 240

let root: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'matinee-crash-')))
  for (const name of ['data', 'media']) mkdirSync(join(root, name))
  const first = join(root, 'media', '0.m4a')
  copyFileSync(testMedia('aac.m4a'), first)
  for (let n = 1; n < FILES; n++) linkSync(first, join(root, 'media', `${n}.m4a`))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** Runs the library in a process of its own, and kills it when `count` files have been read. */
async function killAfter(count: number): Promise<void> {
  const args = [join(import.meta.dirname, 'testing-crash.ts'), join(root, 'data'), join(root, 'media')]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let read = 0
  for await (const line of createInterface(child.stdout)) {
    if (line !== '') read += 1
    if (read === count) child.kill('SIGKILL')
  }
  expect(read).toBeGreaterThanOrEqual(count)
}

test('S71: killed in the middle of reading, again and again, it goes on: nothing twice, nothing lost', async () => {
  const ids = (): Map<string, string> => {
    const db = new BetterSqlite3(join(root, 'data', 'matinee.db'))
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    const rows = db.prepare<[], { path: string; id: string }>('SELECT path, id FROM files').all()
    db.close()
    return new Map(rows.map((row) => [row.path, row.id]))
  }
  await killAfter(1)
  await killAfter(20)
  const before = ids()
  await killAfter(20)

  const { library, stop } = await openLibrary(join(root, 'data'), {
    emit: () => undefined,
    onSettled: () => undefined,
  })
  library.start()
  const [folder] = library.folders()
  await waitUntil(() => {
    const now = library.folder(folder?.id ?? '')
    return now.status === 'ready' && now.pending_count === 0
  })
  expect(library.folder(folder?.id ?? '').file_count).toBe(FILES)
  expect(
    library.list({ limit: 1, offset: 0, order: 'filename', sort: 'asc', status: 'completed' }).total,
  ).toBe(FILES)
  await stop()
  const after = ids()
  expect(after.size).toBe(FILES)
  for (const [path, id] of before) expect(after.get(path)).toBe(id)
})
