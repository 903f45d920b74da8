import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { display: grid; min-height: 100vh; margin: 0; place-items: center; }
main { max-width: 32rem; padding: 2rem; }
h1 { margin: 0 0 .5rem; font-size: 1.375rem; line-height: 1.25; }
p { margin: 0 0 1rem; }
code { font-size: .9375em; }
`
/** The one style of the page may apply; nothing else loads, runs or frames it. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Makes a page of one message that needs no build. `title` and `message` are HTML of ours, never of a guest's. */
export function plainPage(title: string, message: string) {
  // The link helps where a page of another site opened this one: browsers hold a strict cookie back from that way in.
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
<main>
<h1>${title}</h1>
<p>${message}</p>
<p><a href="/">Try again</a></p>
</main>
</html>
`
  return {
    send: (reply: FastifyReply, status: number): FastifyReply =>
      reply
        .code(status)
        .header('content-security-policy', POLICY)
        .type('text/html; charset=utf-8')
        .send(html),
  }
}
