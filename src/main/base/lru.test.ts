import { expect, test } from 'vitest'
import { createLru } from './lru.ts'

test('the value that was not used for longest leaves first', () => {
  const evicted: string[] = []
  const lru = createLru<string>({ max: 2, onEvict: (it) => evicted.push(it) })
  lru.set('a', 'A')
  lru.set('b', 'B')
  lru.get('a')
  lru.set('c', 'C')
  expect(evicted).toEqual(['B'])
  expect(lru.get('a')).toBe('A')
})

test('sizes count, and a value larger than the whole cache is not kept', () => {
  const lru = createLru<Uint8Array>({ max: 10, sizeOf: (it) => it.length })
  lru.set('a', new Uint8Array(6))
  lru.set('b', new Uint8Array(6))
  expect(lru.get('a')).toBeUndefined()
  expect(lru.get('b')).toBeDefined()
  lru.set('big', new Uint8Array(11))
  expect(lru.get('big')).toBeUndefined()
  expect(lru.size).toBe(0)
})

test('replacing a value frees the size of the old one', () => {
  const lru = createLru<Uint8Array>({ max: 10, sizeOf: (it) => it.length })
  lru.set('a', new Uint8Array(8))
  lru.set('a', new Uint8Array(2))
  lru.set('b', new Uint8Array(8))
  expect(lru.size).toBe(2)
})
