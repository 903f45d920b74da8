import { join } from 'node:path'
import { run, RunError } from '../src/main/base/spawn.ts'
import { PeerMissing } from './measure.ts'

/** What wrk saw of a server: bytes a second, and the ms within which 99 of 100 answers were complete. */
export type Load = { bytesPerS: number; p99Ms: number }

const SCRIPT = join(import.meta.dirname, 'wrk.lua')

/**
 * Asks for `url` over so many connections for `durationS`, without a pause, from one thread of its own process; with
 * `ranges`, for pieces of `bytes` at random places of a file of `size` bytes. Throws when an answer is no success.
 */
export async function runWrk(
  url: string,
  connections: number,
  durationS: number,
  ranges?: { bytes: number; size: number },
): Promise<Load> {
  const how = ['-t1', `-c${connections}`, `-d${durationS}s`, '--timeout', '30s', '-s', SCRIPT, url]
  const args = [...how, ...(ranges ? ['--', String(ranges.bytes), String(ranges.size)] : [])]
  const { stdout } = await run('wrk', args, { timeoutMs: (durationS + 60) * 1000 }).catch(
    (error: unknown) => {
      if (error instanceof RunError) throw error
      throw new PeerMissing('there is no wrk to load the servers with (Debian: apt-get install wrk)', {
        cause: error,
      })
    },
  )
  const line = stdout.toString().trim().split('\n').at(-1) ?? ''
  const seen = JSON.parse(line) as {
    requests: number
    bytes: number
    us: number
    p99Us: number
    errors: number
  }
  if (seen.errors > 0 || seen.requests === 0) throw new Error(`${url}: ${line}`)
  return { bytesPerS: (seen.bytes / seen.us) * 1e6, p99Ms: seen.p99Us / 1000 }
}
