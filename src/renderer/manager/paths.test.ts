import { expect, test } from 'vitest'
import { pathsIn } from './paths.ts'

test.each([
  ['/home/ana/a b.mp4', ['/home/ana/a b.mp4']],
  ['  /a.mp4  \n\n/b.mp4\r\n', ['/a.mp4', '/b.mp4']],
  [`"C:\\Videos\\a.mp4"\n'/it is/b.mp4'`, ['C:\\Videos\\a.mp4', '/it is/b.mp4']],
  ['file:///home/ana/M%C3%BCnchen%20100%25.mp4', ['/home/ana/München 100%.mp4']],
  ['file:///C:/Videos/a.mp4', ['C:/Videos/a.mp4']],
  ['/a.mp4\n/a.mp4', ['/a.mp4']],
  ['file://%', ['file://%']],
  [' \n ', []],
])('%j holds %j', (text, paths) => {
  expect(pathsIn(text)).toEqual(paths)
})
