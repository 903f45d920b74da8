import { validateHeaderValue } from 'node:http'
import { describe, expect, it } from 'vitest'
import { disposition } from './disposition.ts'

const nameIn = (header: string): string =>
  decodeURIComponent(/filename\*=UTF-8''(\S+)$/.exec(header)?.[1] ?? '')

describe('S28: Content-Disposition', () => {
  it('carries a plain name as it is', () => {
    expect(disposition('attachment', 'film.mp4')).toBe(
      `attachment; filename="film.mp4"; filename*=UTF-8''film.mp4`,
    )
  })

  it.each([
    'Übung – Teil 2 (Ende)*.mp4',
    'naïve 映画 🎬.mov',
    `it's 100% "ready".mkv`,
    'a;b=c,d.mp4',
    ' leading and trailing ',
  ])('carries %s in UTF-8', (name) => {
    const header = disposition('attachment', name)
    validateHeaderValue('content-disposition', header)
    expect(nameIn(header)).toBe(name)
    expect(header).toMatch(/^attachment; filename="[^"\\%]*"; filename\*=UTF-8''[\w!#$&+.^`|~%-]+$/)
  })

  it.each([
    'a\r\nSet-Cookie: x=1.mp4',
    'a\nb',
    'a\u0000b',
    'a\u0085b',
    '../../etc/passwd',
    'a\\b',
    'a\ud800b',
  ])('lets nothing of %j end the header or name a folder', (name) => {
    const header = disposition('attachment', name)
    validateHeaderValue('content-disposition', header)
    expect(header).not.toMatch(/[\r\n]/)
    expect(nameIn(header)).not.toMatch(/[/\\]/)
  })
})
