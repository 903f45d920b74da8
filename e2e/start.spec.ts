import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'playwright/test'

const SCRIPTS = resolve(import.meta.dirname, '../scripts')
const dataDir = mkdtempSync(join(tmpdir(), 'matinee-start-'))
test.afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true })
})

/** Starts a launcher on free ports, without a display; resolves once it says that Matinee runs. */
async function launch(
  script: string,
  ...args: string[]
): Promise<{ child: ChildProcess; said: () => string }> {
  const env = { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' }
  const options = ['--port', '0', '--share-port', '0', '--data-dir', dataDir, ...args]
  const child = spawn(process.execPath, [join(SCRIPTS, script), ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  }
  await expect.poll(() => said, { timeout: 30_000 }).toContain('Ctrl-C stops it.')
  return { child, said: () => said }
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode
}

test('npm start without a display says why there is no window in one line, and runs without', async () => {
  test.skip(process.platform !== 'linux', 'elsewhere there is always a display')
  const { child, said } = await launch('start.mjs')
  expect(said()).toContain('No window: there is no display here. Running without one.\n')
  expect(said()).toMatch(/File manager {2}http:\/\/127\.0\.0\.1:\d+\/\?launch=/)
  child.kill('SIGTERM')
  expect(await exitCode(child)).toBe(0)
  expect(existsSync(join(dataDir, 'endpoint.json'))).toBe(false)
})

test('a Ctrl-C that arrives twice, from the terminal and from npm, is one clean stop', async () => {
  const { child, said } = await launch('start.mjs', '--headless')
  expect(said()).not.toContain('No window')
  // Two of one kind could become one on the way.
  child.kill('SIGINT')
  child.kill('SIGTERM')
  expect(await exitCode(child)).toBe(0)
  expect(existsSync(join(dataDir, 'endpoint.json'))).toBe(false)
})

test('the matinee command passes its options and the exit code on', () => {
  const matinee = (...args: string[]) =>
    spawnSync(process.execPath, [join(SCRIPTS, 'matinee.mjs'), ...args], { encoding: 'utf8' })
  expect(matinee('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  const wrong = matinee('serve', '--port', 'x')
  expect(wrong.status).toBe(2)
  expect(wrong.stderr).toContain('--port takes a port')
})
