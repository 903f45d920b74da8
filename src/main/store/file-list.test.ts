import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import type { FileQuery } from './file-list.ts'
import type { StoredFile } from './files.ts'
import { folded } from './search-text.ts'
import { openStore, type Store } from './store.ts'
import { aFile } from './testing.ts'

let dir: string
let store: Store
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'matinee-list-'))
  store = openStore(join(dir, 'matinee.db'))
})
afterEach(() => {
  checkIndex()
  store.close()
  rmSync(dir, { recursive: true })
})

/** Throws when the index tells anything else than the list, or the list than the files. */
function checkIndex(): void {
  const db = new BetterSqlite3(join(dir, 'matinee.db'))
  db.exec(`INSERT INTO file_search(file_search, rank) VALUES ('integrity-check', 1)`)
  const columns = 'id, status, media_type, missing, folder_id, created_at'
  expect(db.prepare(`SELECT ${columns} FROM files EXCEPT SELECT ${columns} FROM file_list`).all()).toEqual([])
  expect(db.prepare(`SELECT id FROM file_list EXCEPT SELECT id FROM files`).all()).toEqual([])
  db.close()
}

const page: FileQuery = { limit: 100, offset: 0, order: 'filename', sort: 'asc' }
const names = (query: Partial<FileQuery>): string[] =>
  store.files.list({ ...page, ...query }).files.map((file) => file.filename)
const put = (...filenames: string[]): StoredFile[] =>
  filenames.map((filename) => {
    const file = aFile({ filename, path: `/upload/${filename}`, source: 'upload' })
    store.files.insert(file)
    return file
  })

describe('a search', () => {
  it('finds each word anywhere in a name, without case or accents', () => {
    put(
      'RidgeWalk 2041.mp4',
      'ridge-walk.mp4',
      'IMG_2041.MOV',
      'Übung.mp4',
      'Straße am Morgen.mp4',
      '東京の夜.mp4',
    )
    expect(names({ search: 'walk' })).toEqual(['ridge-walk.mp4', 'RidgeWalk 2041.mp4'])
    expect(names({ search: 'walk ridge' })).toEqual(['ridge-walk.mp4', 'RidgeWalk 2041.mp4'])
    expect(names({ search: 'RIDGE-W' })).toEqual(['ridge-walk.mp4'])
    expect(names({ search: '2041' })).toEqual(['IMG_2041.MOV', 'RidgeWalk 2041.mp4'])
    expect(names({ search: 'img_20 mov' })).toEqual(['IMG_2041.MOV'])
    expect(names({ search: 'ubung' })).toEqual(['Übung.mp4'])
    expect(names({ search: 'U\u0308BU' })).toEqual(['Übung.mp4'])
    expect(names({ search: 'strasse morg' })).toEqual(['Straße am Morgen.mp4'])
    expect(names({ search: '東京' })).toEqual(['東京の夜.mp4'])
    expect(names({ search: 'の夜.' })).toEqual(['東京の夜.mp4'])
    expect(names({ search: 'walk 2042' })).toEqual([])
    expect(names({ search: '  ' })).toHaveLength(6)
  })

  it('finds words of one and two characters', () => {
    put('a7.mp4', 'b7 x.mp4', 'c.mp4')
    expect(names({ search: '7' })).toEqual(['a7.mp4', 'b7 x.mp4'])
    expect(names({ search: '7 x' })).toEqual(['b7 x.mp4'])
    expect(names({ search: 'b7 mp4' })).toEqual(['b7 x.mp4'])
    expect(names({ search: 'zz' })).toEqual([])
  })

  it('S42: takes its text literally, whatever it means to SQL, LIKE or FTS5', () => {
    const odd = [
      `'; DROP TABLE files; --.mp4`,
      '100% pure.mp4',
      'say "AND" now.mp4',
      'NEAR(a b).mp4',
      'col:x search_text:y.mp4',
      'star*.mp4',
      '^caret -minus +plus.mp4',
      'back\\slash.mp4',
      '{brace} (paren.mp4',
      'plain.mp4',
    ]
    put(...odd)
    for (const [search, filename] of [
      [`'; DROP`, odd[0]],
      ['100%', odd[1]],
      ['"AND"', odd[2]],
      ['"', odd[2]],
      ['NEAR(', odd[3]],
      ['search_text:y', odd[4]],
      ['col:x', odd[4]],
      ['star*', odd[5]],
      ['^caret -minus +plus', odd[6]],
      ['\\slash', odd[7]],
      ['{brace} (paren', odd[8]],
    ] as const) {
      expect(names({ search }), search).toEqual([filename])
    }
    for (const search of [
      'pl_in',
      'pl%n',
      'plai*',
      'AND OR NOT',
      'NOT plain',
      'plain OR star',
      `""`,
      `"" OR 1`,
      '\ud800',
      '*',
      '\u0000*',
    ]) {
      expect(
        names({ search }).filter((it) => it === 'plain.mp4'),
        search,
      ).toEqual([])
    }
    expect(names({ search: 'plain\u0000' })).toEqual(['plain.mp4'])
    expect(names({ search: `plain ${'x '.repeat(5_000)}` })).toEqual([])
    expect(
      names({ search: 'ab '.repeat(1) + Array.from({ length: 240 }, (_, at) => `w${at}`).join(' ') }),
    ).toEqual([])
    expect(names({})).toHaveLength(odd.length)
  })

  it('follows names, folders and tags as they change', () => {
    const [file] = put('before.mp4') as [StoredFile]
    store.files.update({ ...file, filename: 'after.mp4', metadata: { tags: ['alps'] } })
    expect(names({ search: 'before' })).toEqual([])
    expect(names({ search: 'after alps' })).toEqual(['after.mp4'])
    store.files.update({ ...file, filename: 'after.mp4', source: 'local', path: '/media/Snow/after.mp4' })
    expect(names({ search: 'alps' })).toEqual([])
    expect(names({ search: 'snow' })).toEqual(['after.mp4'])
    store.files.remove(file.id)
    expect(names({ search: 'snow' })).toEqual([])
    expect(store.files.list(page).total).toBe(0)
  })

  it('finds by the folders of the library, not by what lies above them', () => {
    const folder = {
      id: 'f',
      path: '/home/anna/Trips',
      createdAt: 1,
      scannedAt: null,
      unreadableCount: 0,
      failure: null,
    }
    store.folders.insert(folder)
    store.files.insert(aFile({ filename: 'x.mp4', path: '/home/anna/Trips/Alps 2024/x.mp4', folderId: 'f' }))
    expect(names({ search: 'trips' })).toEqual(['x.mp4'])
    expect(names({ search: 'alps 2024' })).toEqual(['x.mp4'])
    expect(names({ search: 'anna' })).toEqual([])
    expect(names({ search: 'alps', folderId: 'f' })).toEqual(['x.mp4'])
    store.folders.remove('f')
    expect(names({ folderId: 'f' })).toEqual([])
    expect(names({ search: 'alps' })).toEqual(['x.mp4'])
  })

  it('finds, counts and pages the same whichever way it takes', () => {
    // Words that nearly all, many, some and few names hold, in names of one moment.
    for (let at = 0; at < 400; at++) {
      const words = [at % 2 && 'often', at % 7 || 'some', at % 97 || 'seldom', `n${at}`].filter(Boolean)
      const mediaType = at % 3 ? 'video' : 'audio'
      store.files.insert(
        aFile({
          filename: `${words.join(' ')}.mp4`,
          createdAt: 1_000 + (at % 10),
          mediaType,
          missing: at % 5 === 0,
          source: 'upload',
        }),
      )
    }
    const all = store.files.list({ ...page, limit: 400 }).files
    for (const search of ['mp4', 'often', 'some', 'seldom', 'of', 'n1 so', 'often some', 'n39', 'none']) {
      const hits = all.filter(({ filename }) =>
        search.split(' ').every((word) => folded(filename).includes(word)),
      )
      for (const narrowed of [
        {},
        { mediaType: 'video' },
        { missing: true },
        { mediaType: 'audio', missing: false },
        { createdFrom: 1_004 },
      ] as const) {
        const expected = hits.filter(
          (it) =>
            (!('mediaType' in narrowed) || it.mediaType === narrowed.mediaType) &&
            (!('missing' in narrowed) || it.missing === narrowed.missing) &&
            (!('createdFrom' in narrowed) || it.createdAt >= narrowed.createdFrom),
        )
        for (const order of ['filename', 'created_at'] as const) {
          for (const sort of ['asc', 'desc'] as const) {
            const query = { ...narrowed, search, order, sort }
            const whole = store.files.list({ ...page, ...query, limit: 400 })
            expect(whole.total).toBe(expected.length)
            expect(new Set(whole.files.map((it) => it.id))).toEqual(new Set(expected.map((it) => it.id)))
            const paged = [0, 1, 2, 3, 4].flatMap(
              (at) => store.files.list({ ...page, ...query, limit: 80, offset: at * 80 }).files,
            )
            expect(paged.map((it) => it.id)).toEqual(whole.files.map((it) => it.id))
          }
        }
      }
    }
  })
})

test('names are in the order of people, both ways, and files of one name keep one order', () => {
  const files = put('img 10.mp4', 'IMG 2.mp4', 'img 2.mp4', 'Img 1.mp4', 'ärger.mp4', 'Zoo.mp4')
  const ordered = ['ärger.mp4', 'Img 1.mp4', 'IMG 2.mp4', 'img 2.mp4', 'img 10.mp4', 'Zoo.mp4']
  expect(names({})).toEqual(ordered)
  expect(names({ sort: 'desc' })).toEqual(ordered.toReversed())
  store.files.update({ ...(files[0] ?? aFile()), filename: 'img 0.mp4' })
  expect(names({})[1]).toBe('img 0.mp4')
})

test('a state that is changed of many files at once counts in lists too', () => {
  store.files.insert(aFile({ filename: 'a.mp4', status: 'processing' }))
  store.files.resetInterrupted()
  expect(names({ status: 'pending' })).toEqual(['a.mp4'])
  expect(names({ status: 'processing' })).toEqual([])
})

test('a file whose transaction throws is in no list', () => {
  expect(() =>
    store.transaction(() => {
      store.files.insert(aFile({ filename: 'never.mp4' }))
      throw new Error('stop')
    }),
  ).toThrow('stop')
  expect(names({ search: 'never' })).toEqual([])
})
