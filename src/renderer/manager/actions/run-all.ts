/** How a run over many things stands. `failed` keeps the order of the items. */
export type RunState<Item, Result> = {
  done: number
  results: readonly Result[]
  failed: readonly { item: Item; error: unknown }[]
}

/** How many calls are made at once; more would only queue in the browser. */
const AT_ONCE = 4

/**
 * Does `work` for every item, a few at a time. One that fails stops nothing; an abort lets what runs end and begins
 * nothing more. `onProgress` hears each new state; the last one is returned.
 */
export async function runAll<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (state: RunState<Item, Result>) => void },
): Promise<RunState<Item, Result>> {
  const outcomes = new Map<number, { result: Result } | { error: unknown }>()
  let next = 0
  const state = (): RunState<Item, Result> => {
    const results: Result[] = []
    const failed: { item: Item; error: unknown }[] = []
    for (const [index, item] of items.entries()) {
      const outcome = outcomes.get(index)
      if (!outcome) continue
      if ('result' in outcome) results.push(outcome.result)
      else failed.push({ item, error: outcome.error })
    }
    return { done: outcomes.size, results, failed }
  }
  const worker = async (): Promise<void> => {
    while (next < items.length && !signal.aborted) {
      const index = next++
      const item = items[index] as Item
      outcomes.set(
        index,
        await work(item).then(
          (result) => ({ result }),
          (error: unknown) => ({ error }),
        ),
      )
      onProgress(state())
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker))
  return state()
}
