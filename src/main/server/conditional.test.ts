import { describe, expect, it } from 'vitest'
import { isFresh, rangeHolds } from './conditional.ts'

const modifiedMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
const state = { etag: '"a1"', modifiedMs }
const date = (ms: number): string => new Date(ms).toUTCString()

describe('a conditional request', () => {
  it('is fresh by a tag among those it names, weak or strong', () => {
    expect(isFresh({ 'if-none-match': '"a1"' }, state)).toBe(true)
    expect(isFresh({ 'if-none-match': '"x", W/"a1"' }, state)).toBe(true)
    expect(isFresh({ 'if-none-match': '*' }, state)).toBe(true)
    expect(isFresh({ 'if-none-match': '"a2"' }, state)).toBe(false)
    expect(isFresh({}, state)).toBe(false)
  })

  it('is fresh by date to the second, unless it names tags', () => {
    expect(isFresh({ 'if-modified-since': date(modifiedMs) }, state)).toBe(true)
    expect(isFresh({ 'if-modified-since': date(modifiedMs - 1000) }, state)).toBe(false)
    expect(isFresh({ 'if-modified-since': 'yesterday' }, state)).toBe(false)
    expect(isFresh({ 'if-modified-since': date(modifiedMs), 'if-none-match': '"a2"' }, state)).toBe(false)
    expect(isFresh({ 'if-modified-since': date(modifiedMs) }, { etag: '"a1"' })).toBe(false)
  })

  it('takes its range only of the very state it names', () => {
    expect(rangeHolds({}, state)).toBe(true)
    expect(rangeHolds({ 'if-range': '"a1"' }, state)).toBe(true)
    expect(rangeHolds({ 'if-range': 'W/"a1"' }, state)).toBe(false)
    expect(rangeHolds({ 'if-range': '"a0"' }, state)).toBe(false)
    expect(rangeHolds({ 'if-range': date(modifiedMs) }, state)).toBe(true)
    expect(rangeHolds({ 'if-range': date(modifiedMs + 1000) }, state)).toBe(false)
    expect(rangeHolds({ 'if-range': date(modifiedMs) }, { etag: '"a1"' })).toBe(false)
  })
})
