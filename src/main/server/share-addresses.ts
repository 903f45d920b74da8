import type { Purpose } from '../shares/token.ts'

/** One route of the share listener that leads to a share. */
export type ShareAddress = {
  method: 'GET' | 'POST'
  /** What a token must be for; null where only the page's own way in counts. */
  purpose: Exclude<Purpose, 'page' | 'card'> | null
  /** Addresses of it for a share; `key` is the share's id or a token. */
  paths: (key: string) => string[]
  body?: object
}

/**
 * Every route of the share listener that gives bytes or facts of a share, with the addresses by which its gate is
 * tried. A test fails when the listener has one that is not here.
 */
export const SHARE_ADDRESSES = {
  'GET /share/:id': {
    method: 'GET',
    purpose: null,
    paths: (key) => [
      `/share/${key}`,
      `/share/${key}?layout=minimal`,
      `/share/${key}?s=5`,
      `/share/${key}?s=1&e=3&clip=hard`,
    ],
  },
  'GET /share/:id/playback': {
    method: 'GET',
    purpose: null,
    paths: (key) => [`/share/${key}/playback`],
  },
  'POST /share/:id/view': {
    method: 'POST',
    purpose: null,
    paths: (key) => [`/share/${key}/view`],
    body: { session: 'a-session-of-a-test' },
  },
  'POST /share/:id/unlock': {
    method: 'POST',
    purpose: null,
    paths: (key) => [`/share/${key}/unlock`],
    // The empty one is no try, which would be counted.
    body: { password: '' },
  },
  'GET /oembed': {
    method: 'GET',
    purpose: null,
    paths: (key) => [
      `/oembed?url=${encodeURIComponent(`http://127.0.0.1/share/${key}`)}`,
      `/oembed?format=json&maxwidth=100&url=${encodeURIComponent(`http://127.0.0.1/share/${key}?s=5`)}`,
    ],
  },
  'GET /stream/:token/:name': {
    method: 'GET',
    purpose: 'stream',
    paths: (key) => ['main.m3u8', 'storyboard.vtt', 'waveform.json'].map((name) => `/stream/${key}/${name}`),
  },
  'GET /stream/:token/:rendition/:name': {
    method: 'GET',
    purpose: 'stream',
    paths: (key) =>
      [
        ...['0/media.m3u8', '0/init.mp4', '0/0.m4s', '0/1.m4s'],
        ...['s0/media.m3u8', 's0/0.vtt', 'storyboard/0.jpg'],
      ].map((name) => `/stream/${key}/${name}`),
  },
  'GET /poster/:file': {
    method: 'GET',
    purpose: 'poster',
    paths: (key) => [`/poster/${key}.jpg`, `/poster/${key}.jpg?size=card`],
  },
  'GET /card-picture/:file': {
    method: 'GET',
    purpose: 'card_picture',
    paths: (key) => [`/card-picture/${key}.jpg`],
  },
  'GET /card-film/:file': {
    method: 'GET',
    purpose: 'card_film',
    paths: (key) => [`/card-film/${key}.mp4`],
  },
  'GET /download/:token/:name': {
    method: 'GET',
    purpose: 'download',
    paths: (key) => [`/download/${key}/film.mp4`],
  },
} as const satisfies Readonly<Record<string, ShareAddress>>
