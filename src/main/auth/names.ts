import { AppError } from '../base/errors.ts'

/**
 * A member's name as it is kept: without blanks around it. Throws AppError `bad_request` when nothing is left, or when
 * it holds what cannot be seen or typed (Unicode categories Cc, Cf, Cs, Zl, Zp).
 */
export function tidyName(text: string): string {
  const name = text.normalize('NFC').trim()
  if (name === '') throw new AppError('bad_request', '"name" must not be empty.')
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(name)) {
    throw new AppError('bad_request', '"name" holds characters that cannot be seen.')
  }
  return name
}

/** The name as it is compared: `ada`, `Ada` and ` ADA ` are one. */
export const nameKeyOf = (name: string): string =>
  name.trim().normalize('NFKC').toLowerCase().replace(/\s+/g, ' ')
