import { useCallback, useRef, useState } from 'react'
import { sentenceOf } from './api.ts'

/** One thing at a time that a screen does: whether it is at it, and the sentence when it failed. */
export type Task = {
  isBusy: boolean
  failure: string | null
  /** Does `work`; true when it went well. Nothing while something is under way. The same function every time. */
  run: (work: () => Promise<void>) => Promise<boolean>
}

/** Makes a task of a screen. */
export function useTask(): Task {
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const isUnderWay = useRef(false)
  const run = useCallback(async (work: () => Promise<void>): Promise<boolean> => {
    if (isUnderWay.current) return false
    isUnderWay.current = true
    setBusy(true)
    setFailure(null)
    try {
      await work()
      return true
    } catch (error) {
      setFailure(sentenceOf(error))
      return false
    } finally {
      isUnderWay.current = false
      setBusy(false)
    }
  }, [])
  return { isBusy, failure, run }
}
