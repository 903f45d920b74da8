import { useCallback, useEffect, useRef, useState } from 'react'
import { runAll, type RunState } from './actions/run-all.ts'

/** A run over many things for a dialog: not begun, under way, or ended. */
export type Run<Item, Result> = {
  phase: 'ready' | 'running' | 'ended'
  state: RunState<Item, Result>
  start: () => Promise<RunState<Item, Result>>
  /** Begins nothing more. */
  stop: () => void
}

/** Makes a run over `items`; what has not begun when its dialog closes is left alone. */
export function useRun<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Run<Item, Result> {
  const abort = useRef(new AbortController())
  const [phase, setPhase] = useState<Run<Item, Result>['phase']>('ready')
  const [state, setState] = useState<RunState<Item, Result>>({ done: 0, results: [], failed: [] })
  useEffect(() => {
    abort.current = new AbortController()
    const { current } = abort
    return () => current.abort()
  }, [])
  const start = useCallback(async () => {
    setPhase('running')
    const ended = await runAll(items, work, { signal: abort.current.signal, onProgress: setState })
    setState(ended)
    setPhase('ended')
    return ended
  }, [items, work])
  const stop = useCallback(() => abort.current.abort(), [])
  return { phase, state, start, stop }
}
