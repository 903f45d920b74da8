import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '../base/errors.ts'
import { createLru } from '../base/lru.ts'

/** Slows down who tries passwords, without shutting out who knows theirs. */
export interface Throttle {
  /**
   * Lets `check` look at one try of a password, and counts the try as failed until it gives something. `subject` is whose
   * password it is, `ingress` the way in. Throws AppError `too_many_requests` with the time to wait, before any work.
   */
  attempt<T>(subject: string, ingress: number, check: () => Promise<T | null>): Promise<T | null>
}

/** So many wrong passwords of one subject by one ingress are answered at once. */
const FREE_TRIES = 5
/** Pause after the next one, doubled with each more, and its largest; in ms. */
const FIRST_PAUSE_MS = 500
const MAX_PAUSE_MS = 25_000
/** After so long without a try, a subject begins anew, in ms. */
const FORGIVEN_AFTER_MS = 15 * 60_000
/** Subjects remembered; the one not tried for longest goes first. */
const MAX_SUBJECTS = 10_000

/** Failures by one ingress that cost nobody time, and the time in which one of them is forgotten, in ms. */
const FREE_FAILURES = 10
const FAILURE_LIFE_MS = 6_000
/** What each failure more delays every try by that ingress, and the largest such delay, in ms. */
const DELAY_STEP_MS = 100
const MAX_DELAY_MS = 2_000
/** Tries by one ingress that are under way at once. */
const MAX_UNDER_WAY = 64

type Subject = { failures: number; blockedUntil: number; lastAt: number }
type Ingress = { failures: number; countedAt: number; underWay: number }

/**
 * Makes the throttle. Only a subject is ever refused, and only by the ingress that it was tried by, for 25 s at most: who
 * guesses one member's password through a tunnel keeps nobody else out, and that member not at home. An ingress with many
 * failures is made slow, not shut: behind a tunnel all guests look alike.
 */
export function createThrottle({
  now = Date.now,
  wait = (ms: number): Promise<unknown> => pause(ms),
}: { now?: () => number; wait?: (ms: number) => Promise<unknown> } = {}): Throttle {
  const subjects = createLru<Subject>({ max: MAX_SUBJECTS })
  const ingresses = new Map<number, Ingress>()

  const ingressOf = (port: number): Ingress => {
    const known = ingresses.get(port) ?? { failures: 0, countedAt: now(), underWay: 0 }
    ingresses.set(port, known)
    known.failures = Math.max(0, known.failures - (now() - known.countedAt) / FAILURE_LIFE_MS)
    known.countedAt = now()
    return known
  }
  /** Counts a failure beforehand: many tries at once would else all come before the first of them is counted. */
  const begin = (key: string): void => {
    const known = subjects.get(key)
    const isNew = !known || now() - known.lastAt > FORGIVEN_AFTER_MS
    const subject = isNew ? { failures: 0, blockedUntil: 0, lastAt: 0 } : known
    if (subject.blockedUntil > now()) throw tooMany(subject.blockedUntil - now())
    subject.failures += 1
    subject.lastAt = now()
    const over = subject.failures - FREE_TRIES
    if (over >= 0) subject.blockedUntil = now() + Math.min(FIRST_PAUSE_MS * 2 ** over, MAX_PAUSE_MS)
    subjects.set(key, subject)
  }

  return {
    async attempt(subject, port, check) {
      const ingress = ingressOf(port)
      if (ingress.underWay >= MAX_UNDER_WAY) throw tooMany(MAX_DELAY_MS)
      const key = `${port}/${subject}`
      begin(key)
      ingress.failures += 1
      const over = Math.floor(ingress.failures) - FREE_FAILURES
      ingress.underWay += 1
      try {
        if (over > 0) await wait(Math.min(over * DELAY_STEP_MS, MAX_DELAY_MS))
        const found = await check()
        if (found !== null) {
          subjects.delete(key)
          ingress.failures = Math.max(0, ingress.failures - 1)
        }
        return found
      } finally {
        ingress.underWay -= 1
      }
    },
  }
}

function tooMany(waitMs: number): AppError {
  const retryAfterS = Math.ceil(waitMs / 1000)
  const time = retryAfterS === 1 ? 'a second' : `${retryAfterS} seconds`
  return new AppError('too_many_requests', `Too many tries. Wait ${time} and try again.`, { retryAfterS })
}
