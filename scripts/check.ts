import { runTogether } from './run-together.ts'

/** npm run check: everything that can be said of the sources without running them. */
const failed = await runTogether([
  { name: 'types', command: 'tsc', args: ['-b', '--pretty', 'false'] },
  { name: 'lint', command: 'eslint', args: ['.'] },
  { name: 'floors', command: 'node', args: ['scripts/check-floors.ts'] },
  { name: 'docblocks', command: 'node', args: ['scripts/check-docblocks.ts'] },
  { name: 'notices', command: 'node', args: ['scripts/notices.ts', '--check'] },
  { name: 'format', command: 'prettier', args: ['--check', '--log-level', 'warn', '.'] },
])
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}`)
  process.exitCode = 1
}
