import { randomUUID } from 'node:crypto'
import type { Share } from '../../shared/api/share.ts'
import type { ShareAttempt, ShareCheck, ShareFault, ShareTrial } from '../../shared/api/share-check.ts'
import { createLimit } from '../base/limit.ts'
import { withoutSecrets } from '../base/log.ts'
import type { Deps } from './deps.ts'
import { createPlainClient, type PlainClient } from './plain-client.ts'
import { faultOf, trialsOf, type Trial } from './share-trials.ts'

/** The attempts in a few words, in the order in which they are told. */
const WHAT: Readonly<Record<ShareAttempt, string>> = {
  own_key: 'The link itself',
  bare_link: 'The link without signing in, at every address of the share',
  as_chat: 'The link as chats read it for a card',
  misplaced_key: 'A good key where no key belongs',
  expired: 'Keys that have run out',
  other_purpose: 'Keys for something else of this share',
  other_window: 'Keys for another part of the file',
  tampered: 'Keys that were written over by hand',
  foreign: 'Keys that somebody else signed',
  signed_out: 'Keys of somebody who is not signed in any more',
  unknown: 'Keys of a share that there is not',
  odd_method: 'Other methods than reading',
  odd_address: 'Other spellings of the address',
  private_listener: 'The file manager and the API by way of the share link',
}

/** Requests of a check at the same time: guests are served beside it. */
const AT_ONCE = 4
/** Faults of one attempt that are told; with one the share is not safe. */
const MOST_FAULTS = 10
/** Shorter words stand in pages of any share. */
const SHORTEST_SECRET = 5

type CheckDeps = Pick<Deps, 'shares' | 'library' | 'health'>

/**
 * Makes the check of a share: some hundred requests to the share listener, as anybody can send them, one check at a
 * time. Nothing is counted as a view and nothing is changed. It throws AppError `not_found` where there is no share.
 */
export function createShareCheck({
  shares,
  library,
  health,
}: CheckDeps): (id: string, signal: AbortSignal) => Promise<ShareCheck> {
  const oneAtATime = createLimit(1)

  const check = async (share: Share, signal: AbortSignal): Promise<ShareCheck> => {
    const client = createPlainClient(health().share_url, AT_ONCE)
    try {
      const { filename } = library.get(share.file_id)
      const secrets = await told(client, [share.title, share.description, filename])
      const trials = [
        ...ownKeyTrials(share),
        ...trialsOf({
          id: share.id,
          bare: bareStatus(share),
          hasCard: share.visibility === 'private' && share.link_preview !== 'none' && !isOver(share),
          keysFor: (purpose) => shares.trialKeys(share.id, purpose),
          ...(bareStatus(share) === 401 && share.stream_url ? { token: keyIn(share.stream_url) } : {}),
        }),
      ]
      const outcomes = new Map<ShareAttempt, Outcome>()
      let next = 0
      const worker = async (): Promise<void> => {
        for (let trial = trials[next++]; trial; trial = trials[next++]) {
          signal.throwIfAborted()
          const answer = await client.ask(trial, signal)
          note(outcomes, trial, answer.status, faultOf(trial, answer, secrets))
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, worker))
      const checks = (Object.keys(WHAT) as ShareAttempt[]).flatMap((attempt) => {
        const outcome = outcomes.get(attempt)
        return outcome ? [toTrial(attempt, outcome)] : []
      })
      return {
        object: 'share_check',
        share_id: share.id,
        ok: checks.every((it) => it.ok),
        requests: trials.length,
        checks,
        checked_at: Date.now(),
      }
    } finally {
      client.close()
    }
  }
  return (id, signal) => oneAtATime(() => check(shares.get(id, {}), signal))
}

/** Words that no page says on its own: what every share's page says gives nothing of this one away. */
async function told(client: PlainClient, words: readonly (string | undefined)[]): Promise<string[]> {
  const { text } = await client.ask({ method: 'GET', path: `/share/${randomUUID()}` })
  return words.flatMap((it) => (it && it.length >= SHORTEST_SECRET && !text.includes(it) ? [it] : []))
}

const isOver = ({ expires_at }: Share): boolean => expires_at !== undefined && expires_at <= Date.now()

function bareStatus(share: Share): 200 | 401 | 410 {
  if (share.visibility === 'private') return 401
  if (isOver(share)) return 410
  return share.password_protected ? 401 : 200
}

/** That the addresses handed out work, without reading more than a playlist. */
function ownKeyTrials(share: Share): Trial[] {
  const { stream_url, media_download_url } = share
  const expected = [isOver(share) ? 410 : 200]
  const trial = (method: string, url: string): Trial => {
    const { pathname } = new URL(url)
    return { attempt: 'own_key', method, path: pathname, expected }
  }
  return [
    ...(stream_url ? [trial('GET', stream_url)] : []),
    ...(media_download_url ? [trial('HEAD', media_download_url)] : []),
  ]
}

const keyIn = (url: string): string => new URL(url).pathname.split('/')[2] ?? ''

type Outcome = { requests: number; expected: Set<number>; got: Set<number>; faults: ShareFault[] }

function note(
  outcomes: Map<ShareAttempt, Outcome>,
  { attempt, method, path, expected }: Trial,
  status: number,
  reason: string | undefined,
): void {
  const fresh: Outcome = { requests: 0, expected: new Set(), got: new Set(), faults: [] }
  const outcome = outcomes.get(attempt) ?? fresh
  outcomes.set(attempt, outcome)
  outcome.requests += 1
  outcome.got.add(status)
  for (const it of expected) outcome.expected.add(it)
  if (reason !== undefined && outcome.faults.length < MOST_FAULTS)
    outcome.faults.push({ method, path: withoutSecrets(path), status, reason })
}

const toTrial = (attempt: ShareAttempt, { requests, expected, got, faults }: Outcome): ShareTrial => ({
  ...{ attempt, what: WHAT[attempt], requests },
  expected: [...expected].sort((a, b) => a - b),
  got: [...got].sort((a, b) => a - b),
  ...{ ok: faults.length === 0, faults },
})
