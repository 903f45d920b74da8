import type { FastifyInstance } from 'fastify'
import type { Purpose } from '../shares/token.ts'

/** One route of the share listener that leads to a share. */
export type ShareRoute = {
  method: 'GET' | 'POST'
  /** What a token must be for; null where only the page's own way in counts. */
  purpose: Exclude<Purpose, 'page'> | null
  /** Addresses of it for a share; `key` is the share's id or a token. */
  paths: (key: string) => string[]
  body?: object
  /** `Content-Type` and `Cache-Control` of a public share's answers. */
  type: RegExp
  cache: string
  /** Whether pages of other sites may read it. */
  anyOrigin: boolean
}

const JSON_TYPE = /^application\/json/
const MEDIA = { method: 'GET', cache: 'public, no-cache', anyOrigin: true } as const

/**
 * Every route of the share listener that gives bytes or facts of a share. A new one gets its line here. The share is of
 * a film with subtitles beside it, whose storyboard and waveform have been made.
 */
export const SHARE_ROUTES: Readonly<Record<string, ShareRoute>> = {
  'GET /share/:id': {
    method: 'GET',
    purpose: null,
    paths: (key) => [
      `/share/${key}`,
      `/share/${key}?layout=minimal`,
      `/share/${key}?s=5`,
      `/share/${key}?s=1&e=3&clip=hard`,
    ],
    type: /^text\/html; charset=utf-8$/,
    cache: 'no-cache',
    anyOrigin: false,
  },
  'GET /share/:id/playback': {
    method: 'GET',
    purpose: null,
    paths: (key) => [`/share/${key}/playback`],
    type: JSON_TYPE,
    cache: 'no-store',
    anyOrigin: false,
  },
  'POST /share/:id/view': {
    method: 'POST',
    purpose: null,
    paths: (key) => [`/share/${key}/view`],
    body: { session: 'a-session-of-a-test' },
    type: JSON_TYPE,
    cache: 'no-store',
    anyOrigin: false,
  },
  'GET /oembed': {
    method: 'GET',
    purpose: null,
    paths: (key) => [
      `/oembed?url=${encodeURIComponent(`http://127.0.0.1/share/${key}`)}`,
      `/oembed?format=json&maxwidth=100&url=${encodeURIComponent(`http://127.0.0.1/share/${key}?s=5`)}`,
    ],
    type: JSON_TYPE,
    cache: 'no-cache',
    anyOrigin: true,
  },
  'GET /stream/:token/:name': {
    ...MEDIA,
    purpose: 'stream',
    paths: (key) => ['main.m3u8', 'storyboard.vtt', 'waveform.json'].map((name) => `/stream/${key}/${name}`),
    type: /^(application\/vnd\.apple\.mpegurl|text\/vtt; charset=utf-8|application\/json; charset=utf-8)$/,
  },
  'GET /stream/:token/:rendition/:name': {
    ...MEDIA,
    purpose: 'stream',
    paths: (key) =>
      [
        ...['0/media.m3u8', '0/init.mp4', '0/0.m4s', '0/1.m4s'],
        ...['s0/media.m3u8', 's0/0.vtt', 'storyboard/0.jpg'],
      ].map((name) => `/stream/${key}/${name}`),
    type: /^(application\/vnd\.apple\.mpegurl|video\/mp4|text\/vtt; charset=utf-8|image\/jpeg)$/,
  },
  'GET /poster/:file': {
    ...MEDIA,
    purpose: 'poster',
    paths: (key) => [`/poster/${key}.jpg`, `/poster/${key}.jpg?size=card`],
    type: /^image\/jpeg$/,
  },
  'GET /download/:token/:name': {
    ...MEDIA,
    purpose: 'download',
    paths: (key) => [`/download/${key}/film.mp4`],
    type: /^video\/mp4$/,
  },
}

/** Those that a token opens. */
export const TOKEN_ROUTES = Object.entries(SHARE_ROUTES).flatMap(([name, { purpose, ...route }]) =>
  purpose === null ? [] : [{ name, ...route, purpose }],
)

/** The routes that `app` has once it is ready, as `GET /share/:id`. Must be called before its first turn. */
export async function routesOf(app: FastifyInstance): Promise<string[]> {
  const routes = new Set<string>()
  app.addHook('onRoute', ({ method, url }) => {
    for (const it of [method].flat()) routes.add(`${it} ${url}`)
  })
  await app.ready()
  return [...routes]
}
