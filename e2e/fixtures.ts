import { test as base } from 'playwright/test'
import { startBuiltEngine, type RunningEngine } from './engine.ts'

/** Gives each spec file an engine of its own, so that what one shares is not in another's way. */
type Engines = { of: (specFile: string) => Promise<RunningEngine> }

/** `engine`: one for all tests of a spec file, stopped when the next file begins. */
export const test = base.extend<{ engine: RunningEngine }, { engines: Engines }>({
  engines: [
    async ({}, use) => {
      let current: { specFile: string; engine: RunningEngine } | undefined
      await use({
        async of(specFile) {
          if (current?.specFile === specFile) return current.engine
          await current?.engine.stop()
          current = { specFile, engine: await startBuiltEngine() }
          return current.engine
        },
      })
      await current?.engine.stop()
    },
    { scope: 'worker' },
  ],
  engine: async ({ engines }, use, { file }) => {
    await use(await engines.of(file))
  },
})

export { expect } from 'playwright/test'
