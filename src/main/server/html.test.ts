import { describe, expect, test } from 'vitest'
import { html, jsonBlock, trusted } from './html.ts'

/** What S20 names, and friends. */
export const HOSTILE: readonly string[] = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  "'><svg/onload=alert(1)>",
  '</title><script>alert(1)</script>',
  '{{7*7}}',
  'javascript:alert(1)',
  '</script><script>alert(1)</script>',
  '<!--<script>',
  '\u2028\u2029',
  '&lt;b&gt;',
]

describe('S20: what a person wrote', () => {
  test.each(HOSTILE)('%j stands in markup as text', (text) => {
    const { markup } = html`<p title="${text}">${text}</p>`
    expect(markup.match(/<[^>]*>/g)).toHaveLength(2)
    expect(unescape(/>(.*)<\/p>/s.exec(markup)?.[1] ?? '')).toBe(text)
    expect(unescape(/title="([^"]*)"/s.exec(markup)?.[1] ?? '')).toBe(text)
  })

  test.each(HOSTILE)('%j stands in a JSON block without ending it', (text) => {
    const { markup } = jsonBlock('facts', { text })
    const inner = /^<script type="application\/json" id="facts">(.*)<\/script>$/s.exec(markup)?.[1] ?? ''
    expect(inner).not.toContain('<')
    expect(JSON.parse(inner)).toEqual({ text })
  })
})

test('markup, lists of it, numbers and nothing', () => {
  const items = ['a', '<b>'].map((it) => html`<li>${it}</li>`)
  expect(html`<ul>${items}</ul>${null}${undefined}${false}${0}${trusted('<hr>')}`.markup).toBe(
    '<ul><li>a</li><li>&lt;b&gt;</li></ul>0<hr>',
  )
})

function unescape(text: string): string {
  const names: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' }
  return text.replace(/&(lt|gt|quot|#39|amp);/g, (_all, name: string) => names[name] ?? '')
}
