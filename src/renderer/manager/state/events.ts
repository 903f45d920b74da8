import type { EngineEvent } from '../../../shared/events.ts'

/** What hears the engine. */
export type EventListener = {
  /** The engine listens: what happened before has to be read. Called again after every loss. */
  onOpen: () => void
  onEvent: (event: EngineEvent) => void
  /** The line is dead; it is tried again by itself. */
  onLost: () => void
}

/** A line to the engine that is taken up again whenever it breaks. */
export interface EventLine {
  /** Tries now instead of after the pause. */
  retry(): void
  close(): void
}

/** Pauses between two tries, the last of them again and again. */
const PAUSES_MS: readonly number[] = [500, 1_000, 2_000, 4_000]

/** Opens the line to `GET /v1/events`. */
export function openEvents(url: string, listener: EventListener): EventLine {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let tries = 0

  const open = (): void => {
    clearTimeout(timer)
    source?.close()
    const line = new EventSource(url)
    source = line
    line.onopen = () => {
      tries = 0
      listener.onOpen()
    }
    line.onmessage = ({ data }: MessageEvent<string>) => listener.onEvent(JSON.parse(data) as EngineEvent)
    // EventSource tries again after some failures and not after others; ours is one way for all.
    line.onerror = () => {
      line.close()
      timer = setTimeout(open, PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)])
      tries += 1
      listener.onLost()
    }
  }
  open()
  return {
    retry: open,
    close() {
      clearTimeout(timer)
      source?.close()
    },
  }
}
