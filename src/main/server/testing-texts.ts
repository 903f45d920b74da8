/** Titles and descriptions that try to be more than text: those of S20, and friends. */
export const HOSTILE_TEXTS: readonly string[] = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  "'><svg/onload=alert(1)>",
  '</title><script>alert(1)</script>',
  '{{7*7}}',
  'javascript:alert(1)',
  '</script><script>alert(1)</script>',
  '<!--<script>',
  '\u2028\u2029\u0000',
  '&lt;b&gt;',
]

/** The text that a browser would show for escaped text of ours. */
export function unescapeHtml(text: string): string {
  const names: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' }
  return text.replace(/&(lt|gt|quot|#39|amp);/g, (all, name: string) => names[name] ?? all)
}
