/**
 * Runs `work` at once, then at most every `everyMs`, and once more after the last call of a burst. `cancel` forgets
 * what waits.
 */
export function throttled(everyMs: number, work: () => void): { (): void; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isWanted = false
  const rest = (): void => {
    timer = setTimeout(() => {
      timer = undefined
      if (isWanted) call()
    }, everyMs)
  }
  const call = (): void => {
    if (timer !== undefined) {
      isWanted = true
      return
    }
    isWanted = false
    rest()
    work()
  }
  return Object.assign(call, {
    cancel() {
      clearTimeout(timer)
      timer = undefined
      isWanted = false
    },
  })
}
