import { describe, expect, it } from 'vitest'
import { decideRange, type RangeDecision } from './ranges.ts'

const SIZE = 1000
const HUGE = '9'.repeat(99)

describe('S34: ranges', () => {
  const table: readonly (readonly [header: string, decision: RangeDecision])[] = [
    ['bytes=0-0', [{ first: 0, last: 0 }]],
    ['bytes=0-', [{ first: 0, last: 999 }]],
    ['bytes=10-19', [{ first: 10, last: 19 }]],
    ['bytes=-1', [{ first: 999, last: 999 }]],
    ['bytes=-1000', [{ first: 0, last: 999 }]],
    ['bytes=-5000', [{ first: 0, last: 999 }]],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-2', 'unsatisfiable'],
    ['bytes=1000-', 'unsatisfiable'],
    ['bytes=1000-1001', 'unsatisfiable'],
    [`bytes=999-${HUGE}`, [{ first: 999, last: 999 }]],
    [`bytes=${HUGE}-`, 'unsatisfiable'],
    [`bytes=-${HUGE}`, [{ first: 0, last: 999 }]],
    ['bytes=abc', 'unsatisfiable'],
    ['bytes=', 'unsatisfiable'],
    ['bytes=-', 'unsatisfiable'],
    ['bytes=--1', 'unsatisfiable'],
    ['bytes=0x1-5', 'unsatisfiable'],
    ['bytes=1.5-5', 'unsatisfiable'],
    ['items=0-5', 'whole'],
    ['abc', 'whole'],
    ['', 'whole'],
    ['Bytes=0-0', [{ first: 0, last: 0 }]],
    ['bytes= 0-0 ', [{ first: 0, last: 0 }]],
    [
      'bytes=0-0,2-2',
      [
        { first: 0, last: 0 },
        { first: 2, last: 2 },
      ],
    ],
    [
      'bytes=7-8, 0-1 ,-1',
      [
        { first: 7, last: 8 },
        { first: 0, last: 1 },
        { first: 999, last: 999 },
      ],
    ],
    ['bytes=0-4,5-9', [{ first: 0, last: 9 }]],
    ['bytes=90-99,0-9,5-94', [{ first: 0, last: 99 }]],
    [
      'bytes=20-29,0-9,22-25',
      [
        { first: 0, last: 9 },
        { first: 20, last: 29 },
      ],
    ],
    ['bytes=0-,0-,0-,0-,0-', [{ first: 0, last: 999 }]],
    ['bytes=0-0,2000-', [{ first: 0, last: 0 }]],
    ['bytes=0-0,,', [{ first: 0, last: 0 }]],
    ['bytes=2000-,3000-', 'unsatisfiable'],
    ['bytes=0-0,abc', 'unsatisfiable'],
    ['bytes=0-0,5-2', 'unsatisfiable'],
    [`bytes=${Array.from({ length: 16 }, (_, at) => `${at}-`).join(',')}`, [{ first: 0, last: 999 }]],
    [`bytes=${Array.from({ length: 17 }, (_, at) => `${at}-`).join(',')}`, 'whole'],
  ]
  it.each(table)('"%s" of 1000 bytes', (header, decision) => {
    expect(decideRange(header, SIZE)).toEqual(decision)
  })

  it('without a header it is the whole', () => expect(decideRange(undefined, SIZE)).toBe('whole'))

  it('nothing has no range', () => {
    for (const header of ['bytes=0-', 'bytes=0-0', 'bytes=-1']) {
      expect(decideRange(header, 0)).toBe('unsatisfiable')
    }
  })

  it('stays exact beyond 4 GiB', () => {
    expect(decideRange('bytes=4294967296-4294967305', 2 ** 33)).toEqual([
      { first: 4_294_967_296, last: 4_294_967_305 },
    ])
  })
})
