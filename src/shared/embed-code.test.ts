import { expect, test } from 'vitest'
import { embedCode, embedSize, minimalUrl } from './embed-code.ts'

test('the player alone keeps a start time that means something', () => {
  expect(minimalUrl('https://a.test/share/1', null)).toBe('https://a.test/share/1?layout=minimal')
  expect(minimalUrl('https://a.test/share/1', { s: '1:30' })).toBe(
    'https://a.test/share/1?layout=minimal&s=1%3A30',
  )
  expect(minimalUrl('https://a.test/share/1', { s: '5', e: '9', clip: 'hard' })).toBe(
    'https://a.test/share/1?layout=minimal&s=5&e=9&clip=hard',
  )
  expect(minimalUrl('https://a.test/share/1', { s: '"><b>' })).toBe('https://a.test/share/1?layout=minimal')
})

test.each([
  [{ width: 1920, height: 1080 }, {}, { width: 960, height: 540 }],
  [{ width: 320, height: 180 }, {}, { width: 960, height: 540 }],
  [{ width: 1080, height: 1920 }, {}, { width: 405, height: 720 }],
  [{ width: 1920, height: 1080 }, { width: 400 }, { width: 400, height: 225 }],
  [
    { width: 1920, height: 1080 },
    { width: 400, height: 100 },
    { width: 178, height: 100 },
  ],
  [{}, {}, { width: 960, height: 540 }],
  [
    { width: 10_000, height: 1 },
    { height: 1, width: 10 },
    { width: 10, height: 1 },
  ],
])('a video of %j in a box of %j is %j', (media, max, size) => {
  expect(embedSize({ media_type: 'video', ...media }, max)).toEqual(size)
})

test('audio has a height of its own', () => {
  expect(embedSize({ media_type: 'audio' })).toEqual({ width: 640, height: 200 })
  expect(embedSize({ media_type: 'audio' }, { width: 300, height: 90 })).toEqual({ width: 300, height: 90 })
})

test('S20: a title cannot leave its attribute in the embed code', () => {
  const code = embedCode({
    src: 'https://a.test/share/1?layout=minimal&s=5',
    title: '"><script>alert(1)</script>',
    kind: 'video',
    size: { width: 960, height: 540 },
  })
  expect(code).toContain('src="https://a.test/share/1?layout=minimal&amp;s=5"')
  expect(code).toContain('title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"')
  expect(code.match(/[<>]/g)).toEqual(['<', '>', '<', '>'])
})
