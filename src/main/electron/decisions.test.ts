import { describe, expect, test } from 'vitest'
import { mayLoad, mayNavigate, mayUse, outsideAddress } from './decisions.ts'

const ORIGIN = 'http://127.0.0.1:4400'
const SHARES = ['http://127.0.0.1:4401', 'https://video.example.org']

/** Ways to look like the private listener, or to be something that no page may become. */
const FOREIGN = [
  'https://evil.test/',
  'http://evil.test:4400/',
  'http://127.0.0.1:4401/share/x',
  'https://127.0.0.1:4400/',
  'http://localhost:4400/',
  'http://127.0.0.1:4400@evil.test/',
  'http://user@127.0.0.1:4400/',
  'http://127.0.0.1:44000/',
  'http://127.0.0.1.evil.test:4400/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'about:blank',
  'ftp://127.0.0.1:4400/',
  '//127.0.0.1:4400/',
  '/relative',
  '',
]

describe('S63: the window shows the private listener alone', () => {
  test.each([
    `${ORIGIN}/`,
    `${ORIGIN}/?launch=abc`,
    `${ORIGIN}/files#x`,
    'HTTP://127.0.0.1:4400/x',
    'http://127.1:4400/',
  ])('S63: %s may be shown', (url) => {
    expect(mayNavigate(url, ORIGIN)).toBe(true)
  })
  test.each([...FOREIGN, `blob:${ORIGIN}/5d6f`])('S63: %s may not be shown', (url) => {
    expect(mayNavigate(url, ORIGIN)).toBe(false)
  })

  test('S63: its pages load from there, and what they made themselves', () => {
    for (const url of [
      `${ORIGIN}/v1/files`,
      `blob:${ORIGIN}/5d6f`,
      'data:image/png;base64,AA==',
      'devtools://devtools/x',
    ]) {
      expect(mayLoad(url, ORIGIN), url).toBe(true)
    }
    const others = FOREIGN.filter((url) => !url.startsWith('data:'))
    for (const url of [
      ...others,
      'blob:https://evil.test/5d6f',
      'ws://evil.test/',
      'chrome-extension://x/y',
    ]) {
      expect(mayLoad(url, ORIGIN), url).toBe(false)
    }
  })

  test('S63: of all permissions they get the clipboard for writing and full screen', () => {
    expect(mayUse('clipboard-sanitized-write', `${ORIGIN}/`, ORIGIN)).toBe(true)
    expect(mayUse('fullscreen', ORIGIN, ORIGIN)).toBe(true)
    expect(mayUse('fullscreen', 'https://evil.test/', ORIGIN)).toBe(false)
    for (const other of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'fileSystem',
      'hid',
      'usb',
    ]) {
      expect(mayUse(other, ORIGIN, ORIGIN), other).toBe(false)
    }
  })
})

describe('S64: only https and share pages open outside', () => {
  test.each([
    ['https://example.com/a?b=c#d', 'https://example.com/a?b=c#d'],
    ['HTTPS://EXAMPLE.com', 'https://example.com/'],
    ['http://127.0.0.1:4401/share/1', 'http://127.0.0.1:4401/share/1'],
    ['https://video.example.org/share/1', 'https://video.example.org/share/1'],
    ['https://example.com/"; rm -rf ~', 'https://example.com/%22;%20rm%20-rf%20~'],
  ])('S64: %s opens, as it is parsed', (url, address) => {
    expect(outsideAddress(url, SHARES)).toBe(address)
  })

  test.each([
    'file:///bin/sh',
    'FILE:///bin/sh',
    'javascript:alert(1)',
    'http://evil.test/',
    'http://127.0.0.1:4400/',
    'http://127.0.0.1:4402/',
    'https://user:pass@example.com/',
    'smb://server/share',
    'ms-msdt:/id',
    'vscode://file/etc/passwd',
    'mailto:a@example.com',
    'data:text/html,x',
    'C:\\Windows\\System32\\calc.exe',
    '',
  ])('S64: %s does not', (url) => {
    expect(outsideAddress(url, SHARES)).toBeUndefined()
  })
})
