import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withoutRights } from './testing.ts'
import { walk, type Batch } from './walk.ts'

let root: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'matinee-walk-')))
  chmodSync(root, 0o755)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const never = new AbortController().signal
const begin = (signal = never, skip: (path: string) => boolean = () => false) => walk(root, { signal, skip })
const put = (...name: string[]): string => {
  const path = join(root, ...name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, 'x')
  return path
}
async function all(batches: AsyncIterable<Batch>): Promise<{ paths: string[]; unreadable: number }> {
  const paths: string[] = []
  let unreadable = 0
  for await (const batch of batches) {
    paths.push(...batch.seen.map((it) => it.path))
    unreadable += batch.unreadable
  }
  return { paths: paths.sort(), unreadable }
}

test('media files are found at any depth by their ending, hidden ones and others are passed over', async () => {
  const found = [put('a.mp4'), put('b.MKV'), put('deep', 'deeper', 'c.m4a')]
  put('.hidden.mp4')
  put('.folder', 'd.mp4')
  put('text.txt')
  put('mp4')
  mkdirSync(join(root, 'folder.mp4'))
  expect(await all(begin())).toEqual({ paths: found, unreadable: 0 })
})

test('a large folder comes in batches, each file once', async () => {
  for (let n = 0; n < 300; n++) put(`${n}.mp4`)
  const sizes: number[] = []
  for await (const batch of begin()) sizes.push(batch.seen.length)
  expect(sizes.reduce((sum, it) => sum + it)).toBe(300)
  expect(Math.max(...sizes)).toBeLessThan(100)
})

test('S56: FIFOs, sockets and links to them are never opened', async () => {
  for (const n of [1, 2, 3, 4, 5]) execFileSync('mkfifo', [join(root, `fifo${n}.mp4`)])
  symlinkSync(join(root, 'fifo1.mp4'), join(root, 'link.mp4'))
  const server = createServer().listen(join(root, 'socket.mp4'))
  try {
    expect(await all(begin())).toEqual({ paths: [], unreadable: 0 })
  } finally {
    server.close()
  }
})

test('S57: links are not followed, and loops end', async () => {
  const real = put('real', 'a.mp4')
  symlinkSync(real, join(root, 'link.mp4'))
  symlinkSync('/', join(root, 'root'))
  symlinkSync('..', join(root, 'real', 'loop'))
  expect(await all(begin())).toEqual({ paths: [real], unreadable: 0 })
})

test('S50: names that are no UTF-8 are counted, never lost silently or a crash; U+FFFD itself is a name', async () => {
  const bytes = (name: string): Buffer =>
    Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name, 'latin1')])
  writeFileSync(bytes('caf\xe9.mp4'), 'x')
  mkdirSync(bytes('dir\xff'))
  const strange = put('really \ufffd.mp4')
  expect(await all(begin())).toEqual({ paths: [strange], unreadable: 2 })
})

test('S76: a folder without permission is counted, what lies beside it is found', async () => {
  put('closed', 'secret.mp4')
  const open = put('open', 'a.mp4')
  chmodSync(join(root, 'closed'), 0)
  expect(await withoutRights(() => all(begin()))).toEqual({ paths: [open], unreadable: 1 })
})

test('S76: folders and files that vanish while they are walked are gone, and that is all', async () => {
  for (let n = 0; n < 130; n++) put(`${n}.mp4`)
  put('sub', 'b.mp4')
  const batches = begin()
  expect((await batches.next()).value).toMatchObject({ unreadable: 0 })
  rmSync(root, { recursive: true })
  expect(await all(batches)).toMatchObject({ unreadable: 0 })
})

test('a folder that is to be skipped is left out', async () => {
  const kept = put('kept', 'a.mp4')
  put('own', 'b.mp4')
  expect((await all(begin(never, (path) => path === join(root, 'own')))).paths).toEqual([kept])
})

test('an abort ends it with its reason', async () => {
  for (let n = 0; n < 200; n++) put(`${n}.mp4`)
  const abort = new AbortController()
  const batches = begin(abort.signal)
  await batches.next()
  abort.abort(new Error('enough'))
  await expect(all(batches)).rejects.toThrow('enough')
})
