import { resolve } from 'node:path'
import { defineConfig } from 'playwright/test'
import { chromiumPath } from './scripts/ensure-chromium.ts'

// The first engine that is started compiles its code for all others.
process.env['NODE_COMPILE_CACHE'] ??= resolve(import.meta.dirname, 'node_modules/.cache/compiled')

const executablePath = chromiumPath()
// Chromium's sandbox refuses root.
const isRoot = process.getuid?.() === 0

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  globalSetup: './scripts/e2e-setup.ts',
  // Each worker has an engine and a browser of its own; more than two are slower on small machines, not faster.
  workers: 2,
  // A test that passes at the second try is a test that fails.
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    // A trace films each page: that is half of all the work of a run. `--trace on` makes one of a test that fails.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      // A system Chromium calls its maker at start; nothing here may leave the machine.
      args: ['--disable-background-networking', ...(isRoot ? ['--no-sandbox'] : [])],
    },
  },
})
