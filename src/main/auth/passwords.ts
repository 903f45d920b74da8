import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { AppError } from '../base/errors.ts'
import { createLimit } from '../base/limit.ts'

/** Passwords as argon2id hashes, made and compared in libuv's threads. Both throw AppError `busy` when too many wait. */
export interface Passwords {
  /** The hash to keep of a password, in the PHC string format. */
  hash(password: string): Promise<string>
  /** Whether a password is that of `kept`. Null, for somebody who is not there, takes the same work and is never right. */
  matches(kept: string | null, password: string): Promise<boolean>
}

/** OWASP's password storage cheat sheet, argon2id; memory in KiB. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
/** Each takes 19 MiB and a thread of four that files are read with as well. */
const AT_ONCE = 2
/** Who comes when so many wait is sent away: about a second of work. */
const MAX_WAITING = 32

/** Makes the hashing of passwords. */
export function createPasswords(): Passwords {
  const limited = createLimit(AT_ONCE)
  let taken = 0
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    if (taken >= AT_ONCE + MAX_WAITING) {
      throw new AppError('busy', 'Too many people are signing in. Try again in a moment.')
    }
    taken += 1
    try {
      return await limited(work)
    } finally {
      taken -= 1
    }
  }
  const hashed = (password: string): Promise<string> => run(() => hash(normal(password), COST))
  /** Of a password that nobody knows. */
  let nobodys: Promise<string> | undefined
  return {
    hash: hashed,
    async matches(kept, password) {
      nobodys ??= hashed(randomBytes(16).toString('hex')).catch((error: unknown) => {
        nobodys = undefined
        throw error
      })
      // Awaited also where it is not needed: the first try of all takes the same time for everyone.
      const ofNobody = await nobodys
      const isRight = await run(() => verify(kept ?? ofNobody, normal(password)))
      return kept !== null && isRight
    },
  }
}

/** One password typed on two keyboards is one (RFC 8265 section 4.2.1 asks for NFC; NFKC also joins widths). */
const normal = (password: string): string => password.normalize('NFKC')
