import { test as base } from 'playwright/test'
import { startBuiltEngine, type RunningEngine } from './engine.ts'

/** One engine per spec file's worker, stopped at its end. */
export const test = base.extend<object, { engine: RunningEngine }>({
  engine: [
    async ({}, use) => {
      const engine = await startBuiltEngine()
      await use(engine)
      await engine.stop()
    },
    { scope: 'worker' },
  ],
})

export { expect } from 'playwright/test'
