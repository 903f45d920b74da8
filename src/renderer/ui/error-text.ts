import type { ErrorCode } from '../../shared/api/error.ts'

/** What a person is told of a failure when the engine's own sentence is missing, or meant for programs. */
export const ERROR_TEXT: Readonly<Record<ErrorCode, string>> = {
  bad_request: 'That could not be understood. Check what you entered.',
  not_available: 'This comes in a later version.',
  sign_in_required: 'This window is signed out. Open Matinee again from where it was started.',
  password_required: 'That needs a password.',
  forbidden: 'That is not allowed.',
  not_found: 'It is not there any more.',
  method_not_allowed: 'This window and Matinee do not fit together. Load the page again.',
  conflict: 'It exists already.',
  expired: 'Its time is over.',
  file_missing: 'The file is not where it was. Plug in its drive or move it back.',
  too_large: 'That is too large.',
  unsupported_media: 'This file cannot be played in a browser yet.',
  unsupported_content_type: 'This window and Matinee do not fit together. Load the page again.',
  range_not_satisfiable: 'The file is shorter than that.',
  misdirected_host: 'Matinee answers only on this computer’s own address.',
  too_many_requests: 'That was too often. Wait a moment and try again.',
  internal: 'Something went wrong inside Matinee. Its log says more.',
  database_too_new: 'A newer Matinee has used this library. Update this one.',
  busy: 'Matinee is busy. Try again in a moment.',
  disk_full: 'The disk is full. Make room and try again.',
}

/** Failures whose sentence from the engine speaks to programs, so that ours is shown. */
const OURS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'sign_in_required',
  'method_not_allowed',
  'unsupported_content_type',
  'misdirected_host',
  'internal',
])

/** The sentence to show for a failure: the engine's where it was written for people. */
export const errorText = (code: ErrorCode, sentence: string | undefined): string =>
  sentence === undefined || sentence === '' || OURS.has(code) ? ERROR_TEXT[code] : sentence
