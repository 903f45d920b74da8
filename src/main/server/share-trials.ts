import type { ShareAttempt } from '../../shared/api/share-check.ts'
import type { Purpose } from '../shares/token.ts'
import type { TrialKey } from '../shares/trial-keys.ts'
import type { PlainAnswer, PlainRequest } from './plain-client.ts'
import { SHARE_ADDRESSES, type ShareAddress } from './share-addresses.ts'

/** A request to the share listener, and the statuses that are right for it. */
export type Trial = PlainRequest & { attempt: ShareAttempt; expected: readonly number[] }

/** What is tried of a share. */
export type Tried = {
  id: string
  /** How its bare id has to be answered: 200 by a public one. */
  bare: 200 | 401 | 404 | 410
  /** True where its page tells chats something that it tells nobody else without signing in. */
  hasCard?: boolean
  keysFor: (purpose: Purpose) => readonly TrialKey[]
  /** A token that would open its stream, put where no token belongs. */
  token?: string
}

/** Who says to read a page for its card. */
const CHAT = 'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)'

/** Methods that no address of a share has; beyond those of HTTP itself, some that servers of files know (RFC 4918). */
const ODD_METHODS = ['PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'COPY', 'MOVE', 'SEARCH', 'PURGE']
const REFUSED_METHOD = [404, 405]
const REFUSED_ADDRESS = [400, 401, 403, 404, 405, 410]

/** Addresses of the private listener, which the share listener does not have (S19). */
const PRIVATE_PATHS = (id: string): string[] => [
  ...['/', '/index.html', '/v1', '/v1/health', '/v1/share', `/v1/share/${id}`, '/v1/files', '/v1/events'],
  ...['/v1/openapi.json', '//v1/share', '/%761/share', '/share/..%2fv1/share', '/share/../v1/share'],
]

/** Other spellings of a path, which a careless router takes for the same and a careless guard for another. */
const RESPELLINGS: readonly ((path: string, id: string) => string)[] = [
  (path) => `/${path}`,
  (path) => `/.${path}`,
  (path) => `/x/..${path}`,
  (path) => `/x%2f..${path}`,
  (path, id) => path.replace(id, id.toUpperCase()),
  (path, id) => path.replace(id, escaped(id)),
  (path, id) => path.replace(id, `${id}%00`),
  (path, id) => path.replace(id, `${id}%2f`),
  (path, id) => path.replace(id, `${id};x=1`),
  (path, id) => path.replace(id, `.${id}`),
  (path, id) => path.replace(id, `${id}.jpg`),
  (path, id) => path.replace(id, `${id}%20`),
]

/** All that is tried of one share, in no order that matters. A public one is only tried by keys that do not hold. */
export function trialsOf(tried: Tried): Trial[] {
  return [
    ...Object.values<ShareAddress>(SHARE_ADDRESSES).flatMap((address) => [
      ...(tried.bare === 200 ? [] : byBareLink(tried, address, tried.bare)),
      ...byKeys(tried, address),
      ...byOddMethods(tried, address),
    ]),
    ...PRIVATE_PATHS(tried.id).map((path): Trial => ({
      attempt: 'private_listener',
      method: 'GET',
      path,
      expected: [400, 404],
    })),
  ]
}

function byBareLink({ id, token, hasCard }: Tried, address: ShareAddress, bare: number): Trial[] {
  const { method, paths, body } = address
  const told = hasCard && address === SHARE_ADDRESSES['GET /share/:id'] ? 200 : bare
  const trial = (attempt: ShareAttempt, path: string, more: Partial<Trial> = {}): Trial => ({
    ...{ attempt, method, path, expected: [bare] },
    ...(body ? { body } : {}),
    ...more,
  })
  return paths(id).flatMap((path) => [
    trial('bare_link', path),
    ...(method === 'GET' ? [trial('bare_link', path, { method: 'HEAD' })] : []),
    ...(method === 'GET' ? [trial('bare_link', path, { headers: { range: 'bytes=0-0' } })] : []),
    trial('as_chat', path, { headers: { 'user-agent': CHAT }, expected: [told] }),
    ...(token === undefined ? [] : misplaced(path, token).map((it) => trial('misplaced_key', it.path, it))),
    ...RESPELLINGS.map((respell) => respell(path, id))
      .filter((it) => it !== path)
      .map((it) => trial('odd_address', it, { expected: REFUSED_ADDRESS })),
  ])
}

const misplaced = (path: string, token: string): { path: string; headers?: Record<string, string> }[] => [
  { path, headers: { authorization: `Bearer ${token}` } },
  { path, headers: { cookie: `matinee_member=${token}; token=${token}` } },
  { path: `${path}${path.includes('?') ? '&' : '?'}token=${token}` },
]

function byKeys({ keysFor }: Tried, { method, purpose, paths, body }: ShareAddress): Trial[] {
  return keysFor(purpose ?? 'page').flatMap(({ kind, key, expected }) =>
    paths(key).map((path) => ({
      ...{ attempt: kind, method, path },
      ...(body ? { body } : {}),
      // A page takes no tokens: there is nothing under such a name.
      expected: purpose === null ? [expected, 404] : [expected],
    })),
  )
}

function byOddMethods({ id }: Tried, { method, paths }: ShareAddress): Trial[] {
  const methods = [...ODD_METHODS, method === 'GET' ? 'POST' : 'GET']
  return methods.flatMap((odd) =>
    paths(id)
      .slice(0, 1)
      .map((path) => ({ attempt: 'odd_method', method: odd, path, expected: REFUSED_METHOD }) as const),
  )
}

/** Beginnings of what streams, pictures and downloads are made of, and of playlists. */
const MEDIA_MARKS = ['ftyp', 'moof', 'mdat', '#EXTM3U', 'WEBVTT', '\u00ff\u00d8\u00ff', '"peaks"']

/** True when the beginning of something that only plays for those who may stands in a text. */
export const mediaIn = (text: string): boolean => MEDIA_MARKS.some((it) => text.includes(it))

/**
 * Tells what is wrong with an answer to a trial: another status, or one that gives away bytes, or a word of `secrets`.
 * Undefined when all is well.
 */
export function faultOf(
  { expected }: Pick<Trial, 'expected'>,
  { status, headers, text }: PlainAnswer,
  secrets: readonly string[],
): string | undefined {
  if (status === 0) return `there was no answer: ${text}`
  if (!expected.includes(status)) return `it was answered with ${status}`
  if (status < 400) return undefined
  if (mediaIn(text)) return 'the refusal has media in it'
  const told = `${JSON.stringify(headers)}\n${text}`
  if (spellings(secrets).some((it) => told.includes(it))) return 'the refusal tells what the share is about'
  if (!/^(application\/json|text\/html); charset=utf-8$/.test(headers['content-type'] ?? ''))
    return 'the refusal is neither JSON nor a page'
  if (!/\bno-store\b/.test(headers['cache-control'] ?? '')) return 'the refusal may be kept by caches'
  return undefined
}

/** Words as they stand in pages, headers and addresses. */
const spellings = (words: readonly string[]): string[] =>
  words.flatMap((it) => [it, Buffer.from(it).toString('latin1'), encodeURIComponent(it.toWellFormed())])

const escaped = (text: string): string =>
  text.replace(/./g, (it) => `%${it.charCodeAt(0).toString(16).padStart(2, '0')}`)
