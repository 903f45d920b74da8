import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'
import { startBuiltEngine, type RunningEngine } from '../e2e/engine.ts'

/** By how many ms the event loop of an engine was late, over `count` looks. */
export type LoopDelay = { count: number; p50: number; p99: number; max: number }

/** An engine whose event loop is measured. */
export type ProbedEngine = RunningEngine & {
  /** What was measured since the last call. */
  loopDelay: () => Promise<LoopDelay>
}

/** Starts the built engine with the probe of its event loop in it. */
export async function startProbedEngine(dataDir: string): Promise<ProbedEngine> {
  const file = `${dataDir}.loop.json`
  const probe = pathToFileURL(join(import.meta.dirname, 'loop-probe.mjs')).href
  const env = { NODE_OPTIONS: `--import ${probe}`, LOOP_PROBE_FILE: file }
  const engine = await startBuiltEngine({ dataDir, env })
  return {
    ...engine,
    async loopDelay() {
      rmSync(file, { force: true })
      engine.process.kill('SIGUSR2')
      while (!existsSync(file)) await wait(1)
      const told = JSON.parse(readFileSync(file, 'utf8')) as LoopDelay
      rmSync(file)
      return told
    },
  }
}
