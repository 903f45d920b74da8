import { setTimeout as wait } from 'node:timers/promises'
import { createCountingClient } from './counting-client.ts'
import { openStream } from './player.ts'

/** Some people who watch. */
export type Viewers = {
  /** Has them stop; resolves with the segments and bytes that they got. */
  stop: () => Promise<{ segments: number; bytes: number }>
}

/**
 * Has `count` viewers watch a stream, each from another place and over a connection of its own, one segment every
 * `everyMs`. An answer that is no success ends the benchmark.
 */
export async function startViewers(streamUrl: string, count: number, everyMs: number): Promise<Viewers> {
  const { segments: urls } = await openStream(streamUrl)
  const got = { segments: 0, bytes: 0 }
  let stopped = false
  const watch = async (viewer: number): Promise<void> => {
    const client = createCountingClient(new URL(streamUrl).origin)
    // Not all in the same moment.
    await wait((everyMs * viewer) / count)
    try {
      for (let at = Math.floor((urls.length * viewer) / count); !stopped; at++) {
        const next = wait(everyMs)
        got.bytes += await client.get(new URL(urls[at % urls.length] ?? '').pathname)
        got.segments += 1
        await next
      }
    } finally {
      client.close()
    }
  }
  const all = Promise.all(Array.from({ length: count }, (_, viewer) => watch(viewer)))
  // It is told at the end; until then it is no surprise.
  all.catch(() => undefined)
  return {
    async stop() {
      stopped = true
      await all
      return got
    },
  }
}
