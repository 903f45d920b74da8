import { expect, test } from 'vitest'
import { createReconciliation, type Change, type Known, type Seen } from './reconcile.ts'

const known = (id: string, path: string, over: Partial<Known> = {}): Known => ({
  id,
  path,
  identity: { bytes: 100, mtimeMs: 1000.5, inode: id },
  fingerprint: `print-${id}`,
  missing: false,
  retry: false,
  ...over,
})
const seen = (path: string, inode: string, over: Partial<Seen['identity']> = {}): Seen => ({
  path,
  identity: { bytes: 100, mtimeMs: 1000, inode, ...over },
})

/** What comes of it when all that was not seen is gone. */
function compare(before: Known[], now: Seen[], fingerprints: Record<string, string> = {}): Change[] {
  const comparison = createReconciliation()
  comparison.know(before)
  const certain = comparison.see(now)
  return [...certain, ...comparison.settle(comparison.unseen(), new Map(Object.entries(fingerprints)))]
}
const kinds = (changes: readonly Change[]): string[] => changes.map((it) => it.kind)

test('nothing happened to what is as it was; fractions of a millisecond do not count', () => {
  expect(compare([known('1', '/a')], [seen('/a', '1')])).toEqual([])
})

test('a renamed file is told by its inode, one from another disk by its fingerprint', () => {
  expect(compare([known('1', '/a')], [seen('/b', '1')])).toMatchObject([{ kind: 'moved', id: '1' }])
  const fromAfar = compare([known('1', '/a')], [seen('/b', '99')], { '/b': 'print-1' })
  expect(fromAfar).toMatchObject([{ kind: 'moved', id: '1' }])
})

test('only content can tell a new file of the size of one that is gone; other fingerprints cost nothing', () => {
  const comparison = createReconciliation()
  comparison.know([known('1', '/a'), known('2', '/b')])
  comparison.see([seen('/same-inode', '1'), seen('/same-size', '9'), seen('/other', '8', { bytes: 7 })])
  expect(comparison.undecided(comparison.unseen()).map((it) => it.path)).toEqual(['/same-size'])
  expect(comparison.undecided([]).map((it) => it.path)).toEqual([])
})

test('a copy beside the original is a new file', () => {
  const changes = compare([known('1', '/a')], [seen('/a', '1'), seen('/b', '2')], { '/b': 'print-1' })
  expect(changes).toMatchObject([{ kind: 'added', seen: { path: '/b' } }])
})

test('a new file of a size that nothing has is certain at once', () => {
  const comparison = createReconciliation()
  comparison.know([known('1', '/a')])
  expect(kinds(comparison.see([seen('/b', '2', { bytes: 99 })]))).toEqual(['added'])
  expect(comparison.see([seen('/c', '3')])).toEqual([])
})

test('one that is gone can move to one place only', () => {
  const prints = { '/b': 'print-1', '/c': 'print-1' }
  expect(kinds(compare([known('1', '/a')], [seen('/b', '8'), seen('/c', '9')], prints))).toEqual([
    'moved',
    'added',
  ])
})

test('two gone copies of one content move to two places, each once', () => {
  const copies = [known('1', '/a', { fingerprint: 'p' }), known('2', '/b', { fingerprint: 'p' })]
  const changes = compare(copies, [seen('/c', '8'), seen('/d', '9')], { '/c': 'p', '/d': 'p' })
  expect(changes).toMatchObject([
    { kind: 'moved', id: '1' },
    { kind: 'moved', id: '2' },
  ])
})

test('two files that swapped names have changed, not moved', () => {
  const changes = compare([known('1', '/a'), known('2', '/b')], [seen('/a', '2'), seen('/b', '1')])
  expect(kinds(changes)).toEqual(['changed', 'changed'])
})

test('missing is told once, and so is a return', () => {
  expect(compare([known('1', '/a')], [])).toEqual([{ kind: 'missing', id: '1' }])
  expect(compare([known('1', '/a', { missing: true })], [])).toEqual([])
  expect(compare([known('1', '/a', { missing: true })], [seen('/a', '1')])).toEqual([
    { kind: 'returned', id: '1' },
  ])
})

test('a file that could not be read is tried again though it looks the same', () => {
  expect(kinds(compare([known('1', '/a', { retry: true })], [seen('/a', '1')]))).toEqual(['changed'])
})

test('a path that is listed twice happened once', () => {
  expect(compare([known('1', '/a')], [seen('/a', '1'), seen('/a', '1')])).toEqual([])
})
