import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { filesIn, readCommandLine } from './command-line.ts'

test('options of ours stay, files become absolute, switches of Chromium go', () => {
  const argv = [
    'electron',
    '.',
    '--port',
    '0',
    '--library=/a',
    '--no-sandbox',
    'film.mp4',
    '--data-dir',
    '/d',
    '/b/c.mov',
  ]
  expect(readCommandLine(argv, true, '/home/me')).toEqual({
    options: ['--port=0', '--library=/a', '--data-dir=/d'],
    files: [resolve('/home/me/film.mp4'), resolve('/b/c.mov')],
  })
})

test('an installed app has no folder of its own in the line', () => {
  expect(readCommandLine(['matinee', 'film.mp4'], false, '/x').files).toEqual([resolve('/x/film.mp4')])
  expect(readCommandLine(['matinee'], false, '/x')).toEqual({ options: [], files: [] })
})

test('a second instance hands over texts only', () => {
  expect(filesIn({ files: ['/a', 1, null, '/b'] })).toEqual(['/a', '/b'])
  for (const odd of [undefined, null, 'x', {}, { files: '/a' }]) expect(filesIn(odd)).toEqual([])
})
