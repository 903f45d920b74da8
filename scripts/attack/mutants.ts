import type { PlainRequest } from '../../src/main/server/plain-client.ts'
import { SHARE_ADDRESSES, type ShareAddress } from '../../src/main/server/share-addresses.ts'
import { below, pick, type Random } from '../mutations.ts'
import type { Victim } from './victims.ts'

const ADDRESSES: readonly ShareAddress[] = Object.values(SHARE_ADDRESSES)

/** What finds its way between the parts of a path, for routers, guards and files that read it differently. */
const PIECES = [
  ...['%00', '%2f', '%5c', '%2e%2e%2f', '../', '..%2f', './', '//', ';', ';x=1', '\\', '%25%32%66', '%c0%ae'],
  ...[
    '%ff',
    '%20',
    '%0d%0aX-Y:%20z',
    '*',
    '~',
    '@',
    ':',
    '%',
    '%zz',
    '?',
    '#',
    '.m3u8',
    '.jpg',
    '/v1/',
    "'--",
  ],
]
const QUERIES = [
  ...['s=5', 's=1&e=3&clip=hard', 's=-1&e=1e308', 's=NaN', 'layout=minimal', 'layout=../x', 'size=card'],
  ...['clip_start=0&clip_end=1', 'clip_start=2', 'clip_start=0&clip_end=9e99', 'token=x', 'start=0&end=8'],
  ...['__proto__=x', 'constructor=x', 'a[]=1&a[]=2', 'size=poster&size=card', '&&&', '%00=%00', 'url=x'],
]
const METHODS = [
  ...['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND', 'PURGE', 'SEARCH', 'LINK'],
]
const HOSTS = ['evil.test', 'localhost', '127.0.0.1', '[::1]', 'a'.repeat(300), '169.254.169.254', 'x:99999']
const RANGES = [
  ...['bytes=0-0', 'bytes=-1', 'bytes=-0', 'bytes=5-2', 'bytes=999999999-', 'bytes=1-9e99', 'bytes=abc'],
  ...['items=0-5', 'bytes=0-0,2-2', 'bytes=0-,0-,0-,0-,0-', 'bytes=1e23-', `bytes=${'0-0,'.repeat(500)}1-1`],
]
const FORWARDED = ['127.0.0.1', '::1', '127.0.0.1, 10.0.0.1', 'localhost', 'https', '_hidden']

const word = (random: Random): string => Math.floor(random() * 2 ** 52).toString(36)

/** Headers that somebody, somewhere, believes. */
const HEADERS: readonly ((random: Random) => Record<string, string>)[] = [
  (random) => ({ range: pick(random, RANGES) ?? '' }),
  (random) => ({ range: 'bytes=0-', 'if-range': `"${word(random)}"` }),
  (random) => ({ host: pick(random, HOSTS) ?? '' }),
  () => ({ 'if-none-match': '*' }),
  () => ({ 'if-modified-since': 'Thu, 01 Jan 2099 00:00:00 GMT' }),
  (random) => ({ origin: pick(random, ['null', 'https://evil.test', 'http://127.0.0.1']) ?? '' }),
  (random) => ({ cookie: `matinee_owner_4400=${word(random)}; matinee_member_4401=${word(random)}` }),
  (random) => ({ authorization: `Bearer ${word(random)}` }),
  (random) => ({ 'x-forwarded-for': pick(random, FORWARDED) ?? '' }),
  (random) => ({ 'x-forwarded-host': pick(random, HOSTS) ?? '', 'x-forwarded-proto': 'https' }),
  () => ({ forwarded: 'for=127.0.0.1;host=localhost;proto=https' }),
  (random) => ({ 'x-original-url': pick(random, ['/v1/share', '/', '/v1/files']) ?? '' }),
  () => ({ 'x-rewrite-url': '/v1/share', 'x-http-method-override': 'GET' }),
  () => ({ connection: 'upgrade', upgrade: 'websocket' }),
  () => ({ 'accept-encoding': 'gzip, deflate, br, *;q=0' }),
  () => ({ 'content-type': 'text/plain' }),
  (random) => ({ 'x-filler': word(random).repeat(300) }),
]

/** One request that no gate may let in, made by a seed: a share's address under a key that does not hold, bent. */
export function shareMutant(random: Random, victim: Victim): PlainRequest {
  const address = pick(random, ADDRESSES)
  if (!address) throw new Error('there are no addresses')
  const key = keyOf(random, victim, address)
  const path = bent(random, pick(random, address.paths(key)) ?? '/')
  return {
    method: random() < 0.2 ? (pick(random, METHODS) ?? 'GET') : address.method,
    path: random() < 0.3 ? withQuery(path, pick(random, QUERIES) ?? '') : path,
    headers: headersOf(random),
    ...(address.body ? { body: address.body } : {}),
  }
}

/** One request to the private listener that its guards have to turn away: no key, a wrong one, or from elsewhere. */
export function apiMutant(random: Random, paths: readonly string[], key: string, id: string): PlainRequest {
  const path = (pick(random, paths) ?? '/v1/share').replace(/\{\w+\}/g, () =>
    random() < 0.5 ? id : word(random),
  )
  const wrongKey = pick(random, [
    `${key}x`,
    key.slice(1),
    key.toUpperCase(),
    '',
    `${key} ${key}`,
    word(random),
  ])
  const elsewhere = [{ host: 'evil.test' }, { origin: 'https://evil.test' }, { origin: 'null' }]
  return {
    method: pick(random, ['GET', 'GET', 'GET', ...METHODS]) ?? 'GET',
    path: random() < 0.3 ? bent(random, path) : path,
    headers:
      random() < 0.3
        ? { ...pick(random, elsewhere), authorization: `Bearer ${key}` }
        : { ...(random() < 0.5 ? { authorization: `Bearer ${wrongKey ?? ''}` } : {}) },
  }
}

/** A key that does not hold: the bare id of what is not public, a wrong token, or a good one that was cut up. */
function keyOf(random: Random, { id, bare, token, keysFor }: Victim, { purpose }: ShareAddress): string {
  const wrong = keysFor(purpose ?? 'page')
  const chosen = random()
  if (chosen < 0.3 && bare !== 200) return id
  if (chosen < 0.6 && token !== undefined) return mangled(random, token)
  if (chosen < 0.9 && wrong.length > 0) return pick(random, wrong)?.key ?? id
  return word(random)
}

/** A token with something of it changed, lost, doubled or put elsewhere; never the token itself. */
function mangled(random: Random, token: string): string {
  const at = below(random, token.length)
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.'
  const bend = pick(random, [
    () => token.slice(0, at) + (alphabet[below(random, alphabet.length)] ?? '.') + token.slice(at + 1),
    () => token.slice(0, at),
    () => token.slice(at),
    () => token.slice(0, at) + token.slice(at + 1 + below(random, 8)),
    () => token + token.slice(at),
    () => token.split('.').reverse().join('.'),
    () => `${token.slice(0, at)}%${token.charCodeAt(at).toString(16)}${token.slice(at + 1)}`,
    () => token.replace('m1', 'm2'),
  ])
  const bentToken = bend?.() ?? ''
  return bentToken === token || bentToken === '' ? `${token}A` : bentToken
}

function bent(random: Random, path: string): string {
  if (random() < 0.4) return path
  const at = 1 + below(random, path.length)
  const piece = pick(random, PIECES) ?? ''
  return random() < 0.7
    ? path.slice(0, at) + piece + path.slice(at)
    : path.slice(0, at) + piece + path.slice(at + 1 + below(random, 4))
}

const withQuery = (path: string, query: string): string => `${path}${path.includes('?') ? '&' : '?'}${query}`

function headersOf(random: Random): Record<string, string> {
  const made: Record<string, string> = {}
  while (random() < 0.6) Object.assign(made, pick(random, HEADERS)?.(random))
  return made
}
