import { renameSync, writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

/**
 * Loaded into the engine by `node --import`: measures by how much its event loop is late. SIGUSR2 writes what was
 * measured since the last one, in ms, to the file that LOOP_PROBE_FILE names, and begins anew.
 */
const RESOLUTION_MS = 5
const file = process.env.LOOP_PROBE_FILE
if (isMainThread && file) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  // The time from timer to timer was recorded; one that is not late counts the resolution.
  const late = (/** @type {number} */ ns) => Math.max(0, ns / 1e6 - RESOLUTION_MS)
  process.on('SIGUSR2', () => {
    const { count, max } = delay
    const told = { count, p50: late(delay.percentile(50)), p99: late(delay.percentile(99)), max: late(max) }
    writeFileSync(`${file}.part`, JSON.stringify(told))
    renameSync(`${file}.part`, file)
    delay.reset()
  })
}
