import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { AppError } from './errors.ts'
import { run, RunError } from './spawn.ts'

const node = (script: string): [string, string[]] => [process.execPath, ['-e', script]]
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    // A killed child that nobody has reaped yet still has a pid.
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

test('stdout of a program that ends well is the result', async () => {
  const { stdout } = await run(...node('process.stdout.write("hello")'), { timeoutMs: 30_000 })
  expect(stdout.toString()).toBe('hello')
})

test('a bad end tells the exit code and the last of stderr', async () => {
  const bad = run(...node('console.error("x".repeat(50000) + " last words"); process.exitCode = 3'), {
    timeoutMs: 30_000,
  })
  const error = await bad.catch((it: unknown) => it)
  expect(error).toBeInstanceOf(RunError)
  expect((error as RunError).exitCode).toBe(3)
  expect((error as RunError).stderr).toMatch(/last words\n$/)
  expect((error as RunError).stderr.length).toBeLessThanOrEqual(16 * 1024)
})

test('a program that is not there is a clear failure', async () => {
  await expect(run('/no/such/program', [], { timeoutMs: 1000 })).rejects.toBeInstanceOf(AppError)
})

test('S61: a program that hangs, ignores SIGTERM and has a child is killed with its whole group', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'matinee-spawn-'))
  const pidFile = join(dir, 'child.pid')
  const script = `
    const { spawn } = require('node:child_process')
    process.on('SIGTERM', () => {})
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(child.pid))
    setInterval(() => {}, 1000)`
  const abort = new AbortController()
  const hanging = run(...node(script), { signal: abort.signal, timeoutMs: 60_000 })
  await vi.waitUntil(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '', { timeout: 20_000 })
  const childPid = Number(readFileSync(pidFile, 'utf8'))
  expect(isAlive(childPid)).toBe(true)
  abort.abort(new Error('stop now'))
  await expect(hanging).rejects.toThrow('stop now')
  await vi.waitUntil(() => !isAlive(childPid), { timeout: 5000 })
})

test('S61: silence longer than allowed ends a program that hangs', async () => {
  await expect(
    run(...node('setInterval(() => {}, 1000)'), { timeoutMs: 60_000, silenceMs: 200 }),
  ).rejects.toThrow('hangs')
})

test('S61: more output than allowed ends a program that floods', async () => {
  const flood =
    'const b = Buffer.alloc(65536, 120); const w = () => { while (process.stdout.write(b)); process.stdout.once("drain", w) }; w()'
  await expect(run(...node(flood), { timeoutMs: 60_000, maxOutputBytes: 1_000_000 })).rejects.toThrow(
    'too much',
  )
})

test('lines are heard as they come, also when cut across chunks', async () => {
  const lines: string[] = []
  await run(...node('process.stdout.write("a=1\\nb="); setTimeout(() => process.stdout.write("2\\n"), 20)'), {
    timeoutMs: 30_000,
    onLine: (line) => lines.push(line),
  })
  expect(lines).toEqual(['a=1', 'b=2'])
})

test('input goes to stdin, whole and with back-pressure', async () => {
  const chunks = Array.from({ length: 40 }, (_, at) => Buffer.alloc(100_000, at))
  const count = 'let n = 0; process.stdin.on("data", (b) => (n += b.length)).on("end", () => console.log(n))'
  const { stdout } = await run(...node(count), { timeoutMs: 30_000, input: chunks })
  expect(stdout.toString()).toBe('4000000\n')
})

test('a program that ends before it has read all of its input is judged by its exit code', async () => {
  const input = Array.from({ length: 40 }, () => Buffer.alloc(100_000))
  await expect(run(...node('process.exit(0)'), { timeoutMs: 30_000, input })).resolves.toMatchObject({
    stderr: '',
  })
  await expect(run(...node('process.exit(3)'), { timeoutMs: 30_000, input })).rejects.toMatchObject({
    exitCode: 3,
  })
})

test('input that cannot be read ends the program with the reason', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.alloc(10)
    await Promise.resolve()
    throw new Error('the source is gone')
  }
  await expect(
    run(...node('process.stdin.resume()'), { timeoutMs: 30_000, input: broken() }),
  ).rejects.toThrow('the source is gone')
})

test('a lower priority is that of the session too, where Linux shares the processor out among sessions', async ({
  skip,
}) => {
  const group = '/proc/self/autogroup'
  skip(!existsSync(group), 'this system does not group by session')
  // Linux takes such a wish of an ordinary user ten times a second at most, so that another test may have had it.
  skip(process.getuid?.() !== 0, 'only root is sure to be heard')
  const script = `for (;;) if (require('node:fs').readFileSync('${group}', 'utf8').includes('nice 7')) break`
  await expect(run(...node(script), { nice: 7, timeoutMs: 30_000 })).resolves.toBeDefined()
})
