import type { Playback } from '../../shared/api/share.ts'
import type { Purpose } from '../shares/token.ts'
import type { Listeners } from './testing-opener.ts'

/** Somebody who came in and was given addresses: what their browser holds. */
export type Guest = { cookie: string; keys: Readonly<Partial<Record<Purpose, string>>> }

const PASSWORD = 'a password of a test'

/** Makes a member and signs them in, as their browser does; what they are given to play a share. */
export async function signInNewMember(
  { apiUrl, shareUrl, key }: Listeners,
  name: string,
  shareId: string,
): Promise<Guest & { memberId: string }> {
  const made = await fetch(`${apiUrl}/v1/members`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name, password: PASSWORD }),
  })
  if (!made.ok) throw new Error(`no member was made: ${made.status} ${await made.text()}`)
  const { id: memberId } = (await made.json()) as { id: string }
  return { memberId, ...(await comeIn(shareUrl, '/sign-in', { name, password: PASSWORD }, shareId)) }
}

/** Unlocks a share by its password, as a page does. */
export const unlockShare = (shareUrl: string, shareId: string, password: string): Promise<Guest> =>
  comeIn(shareUrl, `/share/${shareId}/unlock`, { password }, shareId)

async function comeIn(shareUrl: string, path: string, body: object, shareId: string): Promise<Guest> {
  const signedIn = await fetch(`${shareUrl}${path}`, {
    ...{ method: 'POST', redirect: 'manual' },
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const cookie = (signedIn.headers.getSetCookie()[0] ?? '').split(';', 1)[0] ?? ''
  if (cookie === '') throw new Error(`nobody came in: ${signedIn.status} ${await signedIn.text()}`)
  const answer = await fetch(`${shareUrl}/share/${shareId}/playback`, { headers: { cookie } })
  if (!answer.ok) throw new Error(`nothing to play was given: ${answer.status} ${await answer.text()}`)
  const { stream_url, download_url, poster_url } = (await answer.json()) as Playback
  return {
    cookie,
    keys: {
      ...keyIn('stream', stream_url),
      ...keyIn('download', download_url),
      ...keyIn('poster', poster_url),
    },
  }
}

const keyIn = (purpose: Purpose, url: string | undefined): Partial<Record<Purpose, string>> =>
  url === undefined ? {} : { [purpose]: url.split('/')[2]?.replace(/\.jpg$/, '') }
