import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits: nothing a guess or a timing could find. */
const SECRET_BYTES = 32

/** A new random secret of 256 bits, base64url. */
export const newSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url')

/** What is kept of a secret: its SHA-256, hex. A secret of 256 bits needs no slow hash. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')
