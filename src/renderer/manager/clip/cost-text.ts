import type { Cut } from '../../../shared/api/cut.ts'
import { durationText } from '../../../shared/media-text.ts'

/** What a clip will be and take, in a few words and a sentence. */
export type CostText = { tone: 'ok' | 'plain'; title: string; text: string }

/** Less than a picture: nothing that anybody would see. */
const NOTHING_S = 0.01

/** Says what the clip of a part takes, before it is made. */
export function costText({ exact, copied_seconds, encoded_seconds, estimate_seconds }: Cut): CostText {
  if (!exact) {
    return {
      tone: 'plain',
      title: 'Cannot be cut to the frame yet',
      text: 'The picture of this file would have to be converted for it. Share the whole file instead.',
    }
  }
  const title =
    estimate_seconds < 0.05 ? 'Exact, ready at once' : `Exact, about ${soon(estimate_seconds)} to prepare`
  if (encoded_seconds < NOTHING_S) return { tone: 'ok', title, text: 'All of it is copied as it is.' }
  if (copied_seconds < NOTHING_S) return { tone: 'ok', title, text: 'All of it is encoded anew.' }
  return { tone: 'ok', title, text: `${soon(encoded_seconds)} are encoded anew, the rest is copied.` }
}

const soon = (seconds: number): string =>
  seconds < 9.95 ? `${Math.max(0.1, seconds).toFixed(1)} s` : durationText(seconds)
