import { expect, test } from 'vitest'
import { linkAt, linkWith, pageUrl, timesOf } from './link.ts'

const at = (address: string) => new URL(address)

test('a link is the address that its reader came by', () => {
  const own = 'http://127.0.0.1:4401/share/1'
  expect(pageUrl(at('https://me.test/share/1?s=5'), own)).toBe('https://me.test/share/1')
  expect(pageUrl(at('http://192.168.1.7:4401/share/1'), own)).toBe('http://192.168.1.7:4401/share/1')
})

test('on the own computer it is the best address there is', () => {
  for (const host of ['127.0.0.1:4401', 'localhost:4401', '[::1]:4401']) {
    expect(pageUrl(at(`http://${host}/share/1`), 'https://me.test/share/1')).toBe('https://me.test/share/1')
  }
})

test('a link at a time names whole seconds, and the beginning none', () => {
  expect(linkAt('https://me.test/share/1', 83.9)).toBe('https://me.test/share/1?s=83')
  expect(linkAt('https://me.test/share/1', 0.4)).toBe('https://me.test/share/1')
})

test('a link to a moment or a clip names both ends', () => {
  const moment = { startS: 5, endS: 8.12345 }
  expect(linkWith('https://me.test/share/1', timesOf(moment, false))).toBe(
    'https://me.test/share/1?s=5&e=8.123',
  )
  expect(linkWith('https://me.test/share/1', timesOf(moment, true))).toBe(
    'https://me.test/share/1?s=5&e=8.123&clip=hard',
  )
})
