import { copyFileSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { expect, test } from 'vitest'
import { migrate } from './migrate.ts'
import { migrations } from './migrations.ts'
import { openStore } from './store.ts'

const folder = (): string => mkdtempSync(join(tmpdir(), 'matinee-migrate-'))

test('the versions of the migrations rise one by one from 1', () => {
  expect(migrations.map((it) => it.version)).toEqual(migrations.map((_, at) => at + 1))
})

test('a migration that fails leaves the database as it was', () => {
  const db = new BetterSqlite3(':memory:')
  migrate(db, [{ version: 1, sql: 'CREATE TABLE a (x)' }])
  const broken = [
    { version: 1, sql: '' },
    { version: 2, sql: 'CREATE TABLE b (x)' },
    { version: 3, sql: 'CREATE NONSENSE' },
  ]
  expect(() => migrate(db, broken)).toThrow(/syntax/)
  expect(db.pragma('user_version', { simple: true })).toBe(1)
  expect(db.prepare(`SELECT name FROM sqlite_schema`).pluck().all()).toEqual(['a'])
})

test('a database of a newer schema is refused and not touched', () => {
  const file = join(folder(), 'matinee.db')
  openStore(file).close()
  const db = new BetterSqlite3(file)
  db.pragma('user_version = 999')
  db.pragma('journal_mode = DELETE')
  db.close()
  const before = readFileSync(file)
  expect(() => openStore(file)).toThrow(expect.objectContaining({ code: 'database_too_new' }))
  const kept = new BetterSqlite3(file, { readonly: true })
  expect(kept.pragma('user_version', { simple: true })).toBe(999)
  expect(kept.pragma('integrity_check', { simple: true })).toBe('ok')
  kept.close()
  expect(readFileSync(file).length).toBe(before.length)
})

test('the database saved by schema 1 opens with everything that was in it', () => {
  const file = join(folder(), 'matinee.db')
  copyFileSync(join(import.meta.dirname, 'fixtures', 'schema-1.db'), file)
  const store = openStore(file)
  const { files } = store.files.list({ limit: 9, offset: 0, order: 'filename', sort: 'asc' })
  expect(files.map((it) => [it.filename, it.status, it.packager])).toEqual([
    ['Broken.mp4', 'failed', null],
    ['Ridge walk.mp4', 'completed', 'remux'],
  ])
  expect(store.folders.all().map((it) => it.path)).toEqual(['/media/Trips'])
  expect(store.shares.list({ limit: 9, offset: 0 }).shares).toMatchObject([
    { id: '0a4c9f6e-5df0-4a51-9a1c-6a3f6b1f0c11', title: 'The walk', viewCount: 3, status: 'completed' },
  ])
  expect(store.mediaIndexes.get('f1')?.keyTimesS).toEqual([0, 2, 4])
  // Schema 2 lists what was there, with the folders of the library.
  const search = (text: string): string[] =>
    store.files
      .list({ limit: 9, offset: 0, order: 'created_at', sort: 'asc', search: text })
      .files.map((it) => it.filename)
  expect(search('idge')).toEqual(['Ridge walk.mp4'])
  expect(search('trips mp4')).toHaveLength(2)
  expect(search('media')).toEqual([])
  store.close()
})

test('schema 3 has those files read again that its version can play, and no others', () => {
  const file = join(folder(), 'matinee.db')
  copyFileSync(join(import.meta.dirname, 'fixtures', 'schema-1.db'), file)
  const db = new BetterSqlite3(file)
  const insert = db.prepare(`
    INSERT INTO files (id, path, source, filename, bytes, mtime_ms, inode, fingerprint, status, media, packager,
      missing, created_at)
    VALUES (@id, '/media/' || @id, 'local', @id, 1, 1, '1', @id, @status, @media, @packager, @missing, 1)`)
  const table = db.prepare('INSERT INTO media_indexes (fingerprint, media_index) VALUES (?, ?)')
  const add = (id: string, video: object | null, more: object = {}): void => {
    const media = JSON.stringify({ container: 'x', video })
    insert.run({ id, status: 'completed', media, packager: null, missing: 0, ...more })
    table.run(id, '{"keyTimesS":[]}')
  }
  add('sound', null)
  add('av1', { codec: 'av1' })
  add('hevc', { codec: 'hevc' })
  add('gone', null, { missing: 1 })
  add('playing', null, { packager: 'remux' })
  add('broken', null, { status: 'failed' })
  db.close()

  const store = openStore(file)
  const waiting = ['sound', 'av1', 'hevc', 'gone', 'playing', 'broken'].filter(
    (id) => store.files.byId(id)?.status === 'pending',
  )
  expect(waiting).toEqual(['sound', 'av1'])
  expect(store.mediaIndexes.get('sound')).toBeNull()
  expect(store.mediaIndexes.get('playing')).toEqual({ keyTimesS: [] })
  store.close()
})

test('acknowledged writes are synchronous=FULL in WAL mode', () => {
  const file = join(folder(), 'matinee.db')
  const store = openStore(file)
  // WAL is a property of the file; FULL of the connection, seen in the source of truth that opens it.
  const db = new BetterSqlite3(file, { readonly: true })
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
  db.close()
  store.close()
  expect(readFileSync(join(import.meta.dirname, 'database.ts'), 'utf8')).toContain(
    `db.pragma('synchronous = FULL')`,
  )
})
