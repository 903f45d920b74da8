import type { PageAssets } from './assets.ts'
import { markup, trusted, type Markup } from './markup.ts'

/** The tags that load what vite built for the share page. */
export type PageTags = {
  /** The look: style sheets and the icon. */
  styles: Markup
  scripts: Markup
  /** What the forms run, to show a password that is typed; they work without. */
  showPassword: Markup
  /** Fetches the player's HLS part beside the page's own script instead of after it: with renditions, the larger one. */
  preload: (hasRenditions: boolean) => Markup
}

/** One page, before it is text. */
export type Page = {
  title: string
  head?: Markup
  /** `class` of the body. */
  className: string
  body: Markup
  /** Whether the page runs its script; pages of one message do not. */
  script: boolean
}

/** Takes the tags out of the page that vite wrote. Their addresses become absolute: pages live at any depth. */
export function tagsOf({ html, files }: PageAssets): PageTags {
  const tags = (html.match(/<link\b[^>]*>|<script\b[^>]*><\/script>/g) ?? []).map(toAbsolute)
  const having = (pattern: RegExp): Markup => trusted(tags.filter((it) => pattern.test(it)).join('\n'))
  const addressOf = (name: RegExp): string | undefined => [...files.keys()].find((it) => name.test(it))
  const preloadOf = (name: RegExp): Markup => {
    const address = addressOf(name)
    return address ? markup`<link rel="modulepreload" href="${address}">` : markup``
  }
  const showPassword = addressOf(/\/show-password-[^/]*\.js$/)
  return {
    styles: having(/^<link\b.*\brel="(stylesheet|icon)"/),
    scripts: having(/^<script|^<link\b.*\brel="modulepreload"/),
    showPassword: showPassword ? markup`<script type="module" src="${showPassword}"></script>` : markup``,
    preload: (hasRenditions) => preloadOf(hasRenditions ? /\/hls-[^/]*\.js$/ : /\/hls\.light-[^/]*\.js$/),
  }
}

/** `./assets/x.js` and `assets/x.js` → `/assets/x.js`. */
const toAbsolute = (tag: string): string =>
  tag.replace(/\b(src|href)="([^"]*)"/, (_all, name: string, address: string) => {
    const { pathname } = new URL(address, 'http://here/')
    return `${name}="${pathname}"`
  })

/** Writes a page around its body. Nothing in it runs or styles inline, so its policy can forbid both (S22). */
export function writePage({ title, head, className, body, script }: Page, tags: PageTags): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>${title}</title>
<meta name="robots" content="noindex">
${head}
${tags.styles}
${script && tags.scripts}
</head>
<body class="${className}">
${body}
</body>
</html>
`.html
}
