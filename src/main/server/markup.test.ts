import { describe, expect, test } from 'vitest'
import { jsonBlock, markup, trusted } from './markup.ts'
import { HOSTILE_TEXTS, unescapeHtml } from './testing-texts.ts'

describe('S20: what a person wrote', () => {
  test.each(HOSTILE_TEXTS)('%j stands in markup as text', (text) => {
    const { html } = markup`<p title="${text}">${text}</p>`
    expect(html.match(/<[^>]*>/g)).toHaveLength(2)
    expect(unescapeHtml(/>(.*)<\/p>/s.exec(html)?.[1] ?? '')).toBe(text)
    expect(unescapeHtml(/title="([^"]*)"/s.exec(html)?.[1] ?? '')).toBe(text)
  })

  test.each(HOSTILE_TEXTS)('%j stands in a JSON block without ending it', (text) => {
    const { html } = jsonBlock('facts', { text })
    const inner = /^<script type="application\/json" id="facts">(.*)<\/script>$/s.exec(html)?.[1] ?? ''
    expect(inner).not.toContain('<')
    expect(JSON.parse(inner)).toEqual({ text })
  })
})

test('markup, lists of it, numbers and nothing', () => {
  const items = ['a', '<b>'].map((it) => markup`<li>${it}</li>`)
  expect(markup`<ul>${items}</ul>${null}${undefined}${false}${0}${trusted('<hr>')}`.html).toBe(
    '<ul><li>a</li><li>&lt;b&gt;</li></ul>0<hr>',
  )
})
