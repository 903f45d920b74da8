import { expect, test } from 'vitest'
import type { Cut } from '../../../shared/api/cut.ts'
import { costText } from './cost-text.ts'

const cut = (more: Partial<Cut>): Cut => ({
  exact: true,
  copied_seconds: 11.6,
  encoded_seconds: 0.4,
  first_keyframe: 2,
  estimate_seconds: 0.34,
  ...more,
})

test.each<[string, Partial<Cut>, string, string]>([
  ['is mostly copied', {}, 'Exact, about 0.3 s to prepare', '0.4 s are encoded anew, the rest is copied.'],
  [
    'is copied',
    { encoded_seconds: 0, estimate_seconds: 0.01 },
    'Exact, ready at once',
    'All of it is copied as it is.',
  ],
  [
    'is encoded whole',
    { copied_seconds: 0, encoded_seconds: 240, estimate_seconds: 75 },
    'Exact, about 1 min 15 s to prepare',
    'All of it is encoded anew.',
  ],
  [
    'cannot be cut to the frame',
    { exact: false },
    'Cannot be cut to the frame yet',
    'The picture of this file would have to be converted for it. Share the whole file instead.',
  ],
])('a clip that %s says so', (_, more, title, text) => {
  expect(costText(cut(more))).toMatchObject({ title, text })
})
