import { expect, test } from 'vitest'
import type { Share, Visibility } from '../../shared/api/share.ts'
import { copiedText, copyLabel, sharesToCopy } from './share-text.ts'

const shares = (...kinds: Visibility[]): Share[] => kinds.map((visibility) => ({ visibility }) as Share)

test('a file that is shared both ways hands out its public link; a private one is copied when it is all there is', () => {
  const [open, hidden] = shares('public', 'private')
  if (!open || !hidden) throw new Error('two were made')
  expect(sharesToCopy([hidden, open])).toEqual([open])
  expect(sharesToCopy([hidden])).toEqual([hidden])
  expect(sharesToCopy([])).toEqual([])
})

test.each<[Visibility[], string, string]>([
  [['public'], 'Copy link', 'Link copied'],
  [['public', 'public'], 'Copy 2 links', '2 links copied'],
  [['private'], 'Copy link', 'Link copied. Members sign in to watch.'],
  [['private', 'private'], 'Copy 2 links', '2 links copied. Members sign in to watch.'],
  [['public', 'private'], 'Copy 2 links', '2 links copied. Members sign in to watch what is private.'],
])('%j: it is said to whom a copied link opens', (kinds, label, text) => {
  expect(copyLabel(shares(...kinds))).toBe(label)
  expect(copiedText(shares(...kinds))).toBe(text)
})
