import type { FastifyInstance } from 'fastify'
import { SHARE_ADDRESSES, type ShareAddress } from './share-addresses.ts'

/** One route of the share listener that leads to a share, and what is said of its answers. */
export type ShareRoute = ShareAddress & {
  /** `Content-Type` and `Cache-Control` of a public share's answers. */
  type: RegExp
  cache: string
  /** Whether pages of other sites may read it. */
  anyOrigin: boolean
}

const JSON_TYPE = /^application\/json/
const MEDIA = { cache: 'public, no-cache', anyOrigin: true } as const

/**
 * Every route of the share listener that gives bytes or facts of a share. A new one gets its line here. The share is of
 * a film with subtitles beside it, whose storyboard and waveform have been made.
 */
export const SHARE_ROUTES: Readonly<Record<string, ShareRoute>> = {
  'GET /share/:id': {
    ...SHARE_ADDRESSES['GET /share/:id'],
    type: /^text\/html; charset=utf-8$/,
    cache: 'no-cache',
    anyOrigin: false,
  },
  'GET /share/:id/playback': {
    ...SHARE_ADDRESSES['GET /share/:id/playback'],
    type: JSON_TYPE,
    cache: 'no-store',
    anyOrigin: false,
  },
  'POST /share/:id/view': {
    ...SHARE_ADDRESSES['POST /share/:id/view'],
    type: JSON_TYPE,
    cache: 'no-store',
    anyOrigin: false,
  },
  'POST /share/:id/unlock': {
    ...SHARE_ADDRESSES['POST /share/:id/unlock'],
    type: JSON_TYPE,
    cache: 'no-store',
    anyOrigin: false,
  },
  'GET /oembed': {
    ...SHARE_ADDRESSES['GET /oembed'],
    type: JSON_TYPE,
    cache: 'no-cache',
    anyOrigin: true,
  },
  'GET /stream/:token/:name': {
    ...SHARE_ADDRESSES['GET /stream/:token/:name'],
    ...MEDIA,
    type: /^(application\/vnd\.apple\.mpegurl|text\/vtt; charset=utf-8|application\/json; charset=utf-8)$/,
  },
  'GET /stream/:token/:rendition/:name': {
    ...SHARE_ADDRESSES['GET /stream/:token/:rendition/:name'],
    ...MEDIA,
    type: /^(application\/vnd\.apple\.mpegurl|video\/mp4|text\/vtt; charset=utf-8|image\/jpeg)$/,
  },
  'GET /poster/:file': { ...SHARE_ADDRESSES['GET /poster/:file'], ...MEDIA, type: /^image\/jpeg$/ },
  'GET /card-picture/:file': {
    ...SHARE_ADDRESSES['GET /card-picture/:file'],
    ...MEDIA,
    type: /^image\/jpeg$/,
  },
  'GET /card-film/:file': { ...SHARE_ADDRESSES['GET /card-film/:file'], ...MEDIA, type: /^video\/mp4$/ },
  'GET /download/:token/:name': {
    ...SHARE_ADDRESSES['GET /download/:token/:name'],
    ...MEDIA,
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
