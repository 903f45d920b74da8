/** Why a stream ended for good. */
export type StreamFailure = 'gone' | 'not_found' | 'denied' | 'busy' | 'network' | 'unplayable'

/** What went wrong, as far as it decides what to do. `status` is the HTTP status, when there was an answer. */
export type Trouble = { kind: 'network' | 'media' | 'codec' | 'other'; status?: number | undefined }

/** What to do about it. */
export type Remedy =
  | { do: 'reload'; afterMs: number }
  | { do: 'recover' }
  | { do: 'swapAudioAndRecover' }
  | { do: 'end'; failure: StreamFailure }

/** What has been tried since the stream last did well. */
export type Attempts = { reloads: number; recoveries: number }

/** No attempts yet. */
export const FRESH: Attempts = { reloads: 0, recoveries: 0 }

/** Pauses before loading is tried again, on top of the tries that hls.js makes by itself. */
const RELOAD_AFTER_MS: readonly number[] = [500, 1_000, 2_000, 4_000]

/** Answers that trying again does not change. */
const FINAL: Readonly<Record<number, StreamFailure>> = {
  401: 'denied',
  403: 'denied',
  404: 'not_found',
  410: 'gone',
  415: 'unplayable',
}

/**
 * Decides what to do about fatal trouble of hls.js: network trouble is tried again a few times; a decoder is restarted,
 * then restarted with the other flavour of AAC, as hls.js advises; anything else is the end.
 */
export function remedyFor(trouble: Trouble, attempts: Attempts): Remedy {
  switch (trouble.kind) {
    case 'network': {
      const final = FINAL[trouble.status ?? 0]
      if (final) return { do: 'end', failure: final }
      const afterMs = RELOAD_AFTER_MS[attempts.reloads]
      if (afterMs !== undefined) return { do: 'reload', afterMs }
      return { do: 'end', failure: trouble.status === 429 || trouble.status === 503 ? 'busy' : 'network' }
    }
    case 'media':
      if (attempts.recoveries === 0) return { do: 'recover' }
      if (attempts.recoveries === 1) return { do: 'swapAudioAndRecover' }
      return { do: 'end', failure: 'unplayable' }
    case 'codec':
    case 'other':
      return { do: 'end', failure: 'unplayable' }
  }
}

/** The attempts after `remedy` has been taken. */
export function after(remedy: Remedy, attempts: Attempts): Attempts {
  if (remedy.do === 'reload') return { ...attempts, reloads: attempts.reloads + 1 }
  if (remedy.do === 'end') return attempts
  return { ...attempts, recoveries: attempts.recoveries + 1 }
}

/** What a person is told, and whether trying again by hand makes sense. */
export const FAILURE_TEXT: Readonly<Record<StreamFailure, { message: string; retry: boolean }>> = {
  gone: { message: 'The file is not there right now.', retry: true },
  not_found: { message: 'This link no longer works.', retry: false },
  denied: { message: 'This link no longer opens the stream. Load the page again.', retry: false },
  busy: { message: 'Too many people are asking at once.', retry: true },
  network: { message: 'The connection was lost.', retry: true },
  unplayable: { message: 'This browser cannot play it.', retry: false },
}
