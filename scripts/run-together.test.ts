import { expect, test, vi } from 'vitest'
import { runTogether } from './run-together.ts'

const node = (name: string, code: string) => ({ name, command: process.execPath, args: ['-e', code] })

test('every command is reported with its whole output, and those that failed are named', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  const failed = await runTogether([
    node('good', ''),
    node('bad', 'console.log("one"); console.error("two"); process.exitCode = 3'),
    node('killed', 'process.kill(process.pid, "SIGKILL")'),
  ])
  const said = log.mock.calls.flat().join('\n')
  log.mockRestore()
  expect(failed).toEqual(['bad', 'killed'])
  expect(said).toMatch(/✓ good \(\d+\.\d s\)/)
  expect(said).toMatch(/✗ bad \(\d+\.\d s\)\none\ntwo/)
})
