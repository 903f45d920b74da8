import { expect, test } from 'vitest'
import type { Folder } from '../../../shared/api/folder.ts'
import { folderState, withFolder, withoutFolder } from './folders.ts'

const folder = (name: string, more: Partial<Folder> = {}): Folder => ({
  id: name,
  object: 'folder',
  path: `/media/${name}`,
  name,
  status: 'ready',
  file_count: 412,
  pending_count: 0,
  unreadable_count: 0,
  created_at: 0,
  ...more,
})

test('folders stand by name, whenever they come', () => {
  let state = withFolder({ folders: null }, folder('Trip 10'))
  state = withFolder(state, folder('Trip 9'))
  state = withFolder(state, folder('Trip 10', { file_count: 1 }))
  expect(state.folders?.map((it) => [it.name, it.file_count])).toEqual([
    ['Trip 9', 412],
    ['Trip 10', 1],
  ])
  expect(withoutFolder(state, 'Trip 9').folders?.map((it) => it.name)).toEqual(['Trip 10'])
})

test.each<[string, Partial<Folder>, ReturnType<typeof folderState>]>([
  ['is in order', {}, { tone: 'plain', short: '412', sentence: '' }],
  [
    'is being read',
    { status: 'scanning', pending_count: 200 },
    { tone: 'busy', short: '212 of 412', sentence: 'Reading its files: 212 of 412.' },
  ],
  [
    'is being read after its scan',
    { pending_count: 1 },
    { tone: 'busy', short: '411 of 412', sentence: 'Reading its files: 411 of 412.' },
  ],
  [
    'is being looked through',
    { status: 'scanning' },
    { tone: 'busy', short: 'Scanning', sentence: 'Looking for files in it.' },
  ],
  [
    'is not there',
    { status: 'failed', failure: { code: 'not_found', message: 'Its drive may be unplugged.' } },
    { tone: 'fail', short: 'Not there', sentence: 'Its drive may be unplugged.' },
  ],
  [
    'may not be read',
    { status: 'failed', failure: { code: 'forbidden', message: 'Not allowed.' } },
    { tone: 'fail', short: 'No access', sentence: 'Not allowed.' },
  ],
  [
    'has parts that may not be read',
    { unreadable_count: 1 },
    { tone: 'plain', short: '412', sentence: '1 item in it may not be read by Matinee.' },
  ],
])('a folder that %s says so', (_, more, state) => {
  expect(folderState(folder('Trips', more))).toEqual(state)
})
