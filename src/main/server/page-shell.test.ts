import { expect, test } from 'vitest'
import { markup } from './markup.ts'
import { tagsOf, writePage } from './page-shell.ts'

const file = { body: Buffer.alloc(0), gzip: null, type: '', etag: '' }
const page = (...tags: string[]) => ({
  html: `<!doctype html><html><head><meta charset="utf-8"><title>x</title>${tags.join('\n')}</head><body></body></html>`,
  files: new Map([
    ['/assets/hls.light-Gf_1.js', file],
    ['/assets/hls-Gf_2.js', file],
    ['/assets/show-password-x5.js', file],
  ]),
})

test('the tags that vite wrote are taken over with absolute addresses', () => {
  const { styles, scripts, preload, showPassword } = tagsOf(
    page(
      '<link rel="icon" type="image/svg+xml" href="./assets/icon-1.svg">',
      '<script type="module" crossorigin src="./assets/share-2.js"></script>',
      '<link rel="modulepreload" crossorigin href="assets/player-3.js">',
      '<link rel="stylesheet" crossorigin href="/assets/share-4.css">',
    ),
  )
  expect(styles.html).toBe(
    '<link rel="icon" type="image/svg+xml" href="/assets/icon-1.svg">\n' +
      '<link rel="stylesheet" crossorigin href="/assets/share-4.css">',
  )
  expect(scripts.html).toBe(
    '<script type="module" crossorigin src="/assets/share-2.js"></script>\n' +
      '<link rel="modulepreload" crossorigin href="/assets/player-3.js">',
  )
  expect(preload(false).html).toBe('<link rel="modulepreload" href="/assets/hls.light-Gf_1.js">')
  expect(preload(true).html).toBe('<link rel="modulepreload" href="/assets/hls-Gf_2.js">')
  expect(showPassword.html).toBe('<script type="module" src="/assets/show-password-x5.js"></script>')
})

test('a page of one message loads the look and no script', () => {
  const tags = tagsOf(
    page(
      '<script type="module" src="/assets/share-2.js"></script>',
      '<link rel="stylesheet" href="/assets/share-4.css">',
    ),
  )
  const write = (script: boolean) =>
    writePage({ title: 'A & B', className: 'sp', body: markup`<p>x</p>`, script }, tags)
  expect(write(false)).toContain('/assets/share-4.css')
  expect(write(false)).not.toContain('<script')
  expect(write(true)).toContain('<script type="module" src="/assets/share-2.js"></script>')
  expect(write(true)).toContain('<title>A &amp; B</title>')
})
