/** HTML that may stand in a page as it is. */
export type Markup = { readonly html: string }

/** What can be put into a template: text is escaped, markup is not, nothing leaves nothing. */
type Value = string | number | Markup | readonly Markup[] | null | undefined | false

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that is safe between tags and inside a quoted attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (it) => ESCAPES[it] ?? it)

/** Builds HTML. Every value is escaped unless it is markup itself, so nothing can be forgotten (S20). */
export function markup(strings: TemplateStringsArray, ...values: Value[]): Markup {
  return { html: strings.reduce((before, after, index) => before + show(values[index - 1]) + after) }
}

/** Declares text to be markup. For our own constants and files of the build, never for anything a person wrote. */
export const trusted = (html: string): Markup => ({ html })

/**
 * A block of JSON that a script can read and that never ends early or runs: `<` cannot stand in it, so neither
 * `</script>` nor `<!--` can (HTML, "Restrictions for contents of script elements").
 */
export function jsonBlock(id: string, value: unknown): Markup {
  const json = trusted(JSON.stringify(value).replace(/</g, '\\u003c'))
  return markup`<script type="application/json" id="${id}">${json}</script>`
}

function show(value: Value): string {
  if (value === null || value === undefined || value === false) return ''
  if (typeof value === 'string') return escapeHtml(value)
  if (typeof value === 'number') return String(value)
  if ('html' in value) return value.html
  return value.map((it) => it.html).join('')
}
