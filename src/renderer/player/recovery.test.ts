import { describe, expect, test } from 'vitest'
import { FRESH, after, remedyFor, type Remedy, type Trouble } from './recovery.ts'

/** All remedies until the stream is given up. */
function untilTheEnd(trouble: Trouble): Remedy[] {
  const taken: Remedy[] = []
  let attempts = FRESH
  for (;;) {
    const remedy = remedyFor(trouble, attempts)
    taken.push(remedy)
    if (remedy.do === 'end') return taken
    attempts = after(remedy, attempts)
  }
}

describe('fatal trouble while streaming', () => {
  test('a lost network is tried again with growing pauses, then ends as such', () => {
    expect(untilTheEnd({ kind: 'network' })).toEqual([
      { do: 'reload', afterMs: 500 },
      { do: 'reload', afterMs: 1_000 },
      { do: 'reload', afterMs: 2_000 },
      { do: 'reload', afterMs: 4_000 },
      { do: 'end', failure: 'network' },
    ])
  })

  test.each([
    [401, 'denied'],
    [403, 'denied'],
    [404, 'not_found'],
    [410, 'gone'],
    [415, 'unplayable'],
  ])('a %d is final', (status, failure) => {
    expect(untilTheEnd({ kind: 'network', status })).toEqual([{ do: 'end', failure }])
  })

  test.each([429, 503])('a %d is tried again and ends as busy', (status) => {
    expect(untilTheEnd({ kind: 'network', status }).at(-1)).toEqual({ do: 'end', failure: 'busy' })
    expect(untilTheEnd({ kind: 'network', status })).toHaveLength(5)
  })

  test('a decoder is restarted, restarted with the other AAC, then given up', () => {
    expect(untilTheEnd({ kind: 'media' })).toEqual([
      { do: 'recover' },
      { do: 'swapAudioAndRecover' },
      { do: 'end', failure: 'unplayable' },
    ])
  })

  test('a codec that the browser lacks is the end at once', () => {
    expect(untilTheEnd({ kind: 'codec' })).toEqual([{ do: 'end', failure: 'unplayable' }])
  })
})
