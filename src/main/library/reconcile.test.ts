import { expect, test } from 'vitest'
import { reconcile, type Known, type Seen } from './reconcile.ts'

const known = (id: string, path: string, over: Partial<Known> = {}): Known => ({
  id,
  path,
  identity: { bytes: 100, mtimeMs: 1000.5, inode: id },
  fingerprint: `print-${id}`,
  missing: false,
  ...over,
})
const seen = (path: string, inode: string, over: Partial<Seen> = {}): Seen => ({
  path,
  identity: { bytes: 100, mtimeMs: 1000, inode },
  ...over,
})

test('nothing happened to what is as it was; fractions of a millisecond do not count', () => {
  expect(reconcile([known('1', '/a')], [seen('/a', '1')])).toEqual([])
})

test('a renamed file is told by its inode, one from another disk by its fingerprint', () => {
  expect(reconcile([known('1', '/a')], [seen('/b', '1')])).toMatchObject([{ kind: 'moved', id: '1' }])
  const copied = seen('/b', '99', { fingerprint: 'print-1' })
  expect(reconcile([known('1', '/a')], [copied])).toMatchObject([{ kind: 'moved', id: '1' }])
})

test('a copy beside the original is a new file', () => {
  const copied = seen('/b', '2', { fingerprint: 'print-1' })
  expect(reconcile([known('1', '/a')], [seen('/a', '1'), copied])).toEqual([{ kind: 'added', seen: copied }])
})

test('one that is gone can move to one place only', () => {
  const both = [seen('/b', '8', { fingerprint: 'print-1' }), seen('/c', '9', { fingerprint: 'print-1' })]
  expect(reconcile([known('1', '/a')], both).map((it) => it.kind)).toEqual(['moved', 'added'])
})

test('two files that swapped names have changed, not moved', () => {
  const changes = reconcile([known('1', '/a'), known('2', '/b')], [seen('/a', '2'), seen('/b', '1')])
  expect(changes.map((it) => it.kind)).toEqual(['changed', 'changed'])
})

test('missing is told once, and so is a return', () => {
  expect(reconcile([known('1', '/a')], [])).toEqual([{ kind: 'missing', id: '1' }])
  expect(reconcile([known('1', '/a', { missing: true })], [])).toEqual([])
  expect(reconcile([known('1', '/a', { missing: true })], [seen('/a', '1')])).toEqual([
    { kind: 'returned', id: '1' },
  ])
})
