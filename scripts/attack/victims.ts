import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { ListOf } from '../../src/shared/api/common.ts'
import type { File } from '../../src/shared/api/file.ts'
import type { FileSegment } from '../../src/shared/api/segment.ts'
import type { Share } from '../../src/shared/api/share.ts'
import type { Tried } from '../../src/main/server/share-trials.ts'
import { signInNewMember, unlockShare, type Guest } from '../../src/main/server/testing-guests.ts'
import { signToken, type Purpose } from '../../src/main/shares/token.ts'
import { trialKeys, type TrialKey } from '../../src/main/shares/trial-keys.ts'
import { testMedia } from '../test-media.ts'

/** A Matinee to be attacked: its listeners, its API key, and what signs its tokens where that is known. */
export type Target = { apiUrl: string; shareUrl: string; key: string; secret: Uint8Array | null }

/** A share with a gate to be tried, and the words that may not come through it. */
export type Victim = Tried & { secrets: readonly string[] }

/** Calls `/v1` with the key. Throws an error when the answer is no success. */
export async function callApi<T>(
  { apiUrl, key }: Target,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  const answer = await fetch(`${apiUrl}/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

/** Time until the share that is to run out does, in ms. */
const EXPIRES_MS = 2_000

/**
 * Makes shares of every kind in a Matinee of our own: a public and a private one, one that chats show, one of a part of a
 * file, one that was deleted and one that has run out, one whose member was removed and one whose password was changed.
 * `folder` takes their media.
 */
export async function makeVictims(
  target: Target,
  folder: string,
  addFile: (path: string) => Promise<File>,
): Promise<Victim[]> {
  const share = async (name: string, more: object = {}, part = false): Promise<Victim> => {
    const path = join(folder, `Hidden ${name}.mp4`)
    copyFileSync(testMedia('h264-aac-gop2.mp4'), path)
    const file = await addFile(path)
    const times = { start_time: 2, end_time: 4, name: `Hidden part of ${name}` }
    const segment = part
      ? await callApi<FileSegment>(target, 'POST', `/files/${file.id}/segments`, times)
      : undefined
    const made = await callApi<Share>(target, 'POST', '/share', {
      ...{ file_id: file.id, title: `Title of ${name}`, description: `Nobody may read of ${name}` },
      ...(segment ? { file_segment_id: segment.id } : {}),
      ...more,
    })
    return victimOf(target, made, file.filename)
  }
  const isPrivate = { visibility: 'private' }
  const open = await share('harbour')
  const closed = await share('valley', isPrivate)
  const part = await share('ridge', isPrivate, true)
  const shown = await share('summit', { ...isPrivate, link_preview: 'player' })
  const deleted = await share('glacier', isPrivate)
  await callApi(target, 'DELETE', `/share/${deleted.id}`)
  const ended = await share('meadow', { expires_at: Date.now() + EXPIRES_MS })
  const left = await share('forest', isPrivate)
  const { memberId, ...gone } = await signInNewMember(target, 'Somebody who left', left.id)
  await callApi(target, 'DELETE', `/members/${memberId}`)
  const locked = await share('island', { password: 'the first password' })
  const guest = await unlockShare(target.shareUrl, locked.id, 'the first password')
  await callApi(target, 'PUT', `/share/${locked.id}`, { password: 'another password' })
  await wait(EXPIRES_MS + 100)
  return [
    { ...open, secrets: [] },
    ...[closed, part, locked, shown],
    { ...left, keysFor: keysOf(gone) },
    { ...locked, keysFor: keysOf(guest) },
    { ...deleted, bare: 404, keysFor: goodKeys(target, deleted.id, 404) },
    { ...ended, bare: 410, keysFor: goodKeys(target, ended.id, 410) },
  ]
}

/** The shares that a Matinee has, or those of `ids`; nothing is made or changed there. */
export async function findVictims(target: Target, ids: readonly string[]): Promise<Victim[]> {
  const { data } = await callApi<ListOf<Share>>(target, 'GET', '/share?limit=100')
  const wanted = data.filter((it) => ids.length === 0 || ids.includes(it.id))
  return Promise.all(
    wanted.map(async (share) => {
      const { filename } = await callApi<File>(target, 'GET', `/files/${share.file_id}`)
      return victimOf(target, share, filename)
    }),
  )
}

function victimOf(target: Target, share: Share, filename: string): Victim {
  const isOver = share.expires_at !== undefined && share.expires_at <= Date.now()
  const isClosed = share.visibility === 'private' || share.password_protected
  const words = [share.title, share.description, filename].filter((it) => it !== undefined && it.length > 6)
  const token = isClosed && share.stream_url ? new URL(share.stream_url).pathname.split('/')[2] : undefined
  return {
    id: share.id,
    bare: isClosed ? 401 : isOver ? 410 : 200,
    hasCard: share.visibility === 'private' && share.link_preview !== 'none' && !isOver,
    keysFor: wrongKeys(target, share, token),
    secrets: isClosed || isOver ? (words as string[]) : [],
    ...(token === undefined ? {} : { token }),
  }
}

const wrongKeys =
  ({ secret }: Target, share: Share, token: string | undefined) =>
  (purpose: Purpose): TrialKey[] => {
    const row = {
      ...{ id: share.id, fileSegmentId: share.file_segment_id ?? null },
      ...{ visibility: share.visibility, linkPreview: share.link_preview },
      passwordHash: share.password_protected ? 'a hash' : null,
    }
    if (secret) return trialKeys(secret, row, purpose, Date.now())
    // Whoever has no secret has the tokens that were handed out, and scissors.
    return token === undefined || purpose === 'stream'
      ? []
      : [{ kind: 'other_purpose', key: token, expected: 403 }]
  }

/** Keys that were good until who had them was not welcome any more. */
const keysOf =
  ({ keys }: Guest) =>
  (purpose: Purpose): TrialKey[] => {
    const key = keys[purpose]
    return key === undefined ? [] : [{ kind: 'signed_out', key, expected: 403 }]
  }

/** Keys that were good until the share ended. */
const goodKeys =
  ({ secret }: Target, shareId: string, expected: number) =>
  (purpose: Purpose): TrialKey[] => {
    if (!secret || purpose === 'page') return []
    const key = signToken(secret, { shareId, purpose, window: null, expiresAt: Date.now() + 3_600_000 })
    return [{ kind: 'unknown', key, expected }]
  }
