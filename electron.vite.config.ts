import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const at = (path: string): string => resolve(import.meta.dirname, path)

/** Native or asset-carrying packages that electron-vite's externalizeDeps does not cover (optionalDependencies). */
const external = ['electron', '@ffmpeg-installer/ffmpeg', '@ffprobe-installer/ffprobe']

export default defineConfig({
  main: {
    build: {
      target: 'node22',
      sourcemap: true,
      // Ninety small files else: most of what the start of a thread that reads media took.
      externalizeDeps: { exclude: ['mediabunny'] },
      rolldownOptions: {
        input: {
          index: at('src/main/index.ts'),
          headless: at('src/main/headless.ts'),
          // The entry of a thread: started by its file's name, so it needs one.
          'reading-worker': at('src/main/streaming/reading-worker.ts'),
        },
        external,
      },
    },
  },
  preload: {
    build: {
      rolldownOptions: {
        input: { index: at('src/preload/index.ts') },
        // A sandboxed preload must be CommonJS.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('src/renderer'),
    plugins: [react()],
    build: {
      target: 'es2022',
      minify: true,
      manifest: true,
      // Loaded from this computer: one file of half a megabyte is no slower than five.
      chunkSizeWarningLimit: 800,
      rolldownOptions: {
        input: {
          manager: at('src/renderer/index.html'),
          share: at('src/renderer/share.html'),
          // The server writes the forms; this is all that they run.
          'show-password': at('src/renderer/share/show-password.ts'),
        },
      },
    },
  },
})
