import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { AppError } from './errors.ts'
import { serveTasks } from './worker-host.ts'

/** Tasks of a worker that behaves as told, for the tests of the pool. */
serveTasks({
  echo: (request: unknown) => Promise.resolve(request),
  thread: async () => (await import('node:worker_threads')).threadId,
  async steps(count: number, { emit }) {
    for (let step = 1; step <= count; step++) emit(step)
    return count
  },
  refuse: () => Promise.reject(new AppError('unsupported_media', 'No film.', { extra: { why: 'test' } })),
  missing: async (path: string) => (await import('node:fs/promises')).readFile(path),
  /** Goes in a circle that no timer or abort interrupts. */
  spin(file: string) {
    writeFileSync(file, 'spinning')
    for (;;);
  },
  /** Waits until it is aborted, and leaves a trace of that. */
  async wait(file: string, { signal, emit }) {
    emit('waiting')
    await once(signal, 'abort')
    writeFileSync(file, 'aborted')
  },
  swell() {
    const kept: number[][] = []
    for (;;) kept.push(Array.from({ length: 100_000 }, (_, at) => at + kept.length))
  },
  crash: () => process.exit(3),
})
