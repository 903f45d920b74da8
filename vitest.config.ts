import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

// Each test file has a process of its own, and they load the same packages: the first compiles them for all.
process.env['NODE_COMPILE_CACHE'] ??= resolve(import.meta.dirname, 'node_modules/.cache/compiled')

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
    globalSetup: ['scripts/test-media-setup.ts'],
    // Real ffmpeg and real files on small machines: one generous limit, no test asserts a time.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
})
