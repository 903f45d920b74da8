import { useEffect, useState } from 'react'
import type { Cut } from '../../../shared/api/cut.ts'
import { api, sentenceOf } from '../api.ts'
import type { Stretch } from './marks.ts'

/** What the engine says a part takes; `asking` while it is looked up, `failed` with the reason. */
export type CutAnswer =
  { state: 'asking' } | { state: 'known'; cut: Cut } | { state: 'failed'; reason: string }

/** Marks that are still being moved are not asked about, in ms. */
const SETTLED_MS = 250

/** Asks what the clip of a part of a file takes, whenever the part has come to rest. */
export function useCut(fileId: string, stretch: Stretch | null): CutAnswer {
  const [answer, setAnswer] = useState<CutAnswer>({ state: 'asking' })
  const { startS, endS } = stretch ?? { startS: 0, endS: 0 }
  useEffect(() => {
    if (endS <= startS) return undefined
    const abort = new AbortController()
    const timer = setTimeout(() => {
      api.files.cut(fileId, { start: startS, end: endS }, abort.signal).then(
        (cut) => setAnswer({ state: 'known', cut }),
        (error: unknown) => {
          if (!abort.signal.aborted) setAnswer({ state: 'failed', reason: sentenceOf(error) })
        },
      )
    }, SETTLED_MS)
    return () => {
      clearTimeout(timer)
      abort.abort()
      setAnswer({ state: 'asking' })
    }
  }, [fileId, startS, endS])
  return answer
}
