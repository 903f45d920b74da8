import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError, systemCode } from './errors.ts'

/** How a program is to be run, and the limits that stop it. */
export type RunOptions = {
  signal?: AbortSignal
  /** Wall time after which the whole process group is killed, in ms. */
  timeoutMs: number
  /** Time without a byte on stdout or stderr after which it counts as hung, in ms. */
  silenceMs?: number
  /** Most bytes of stdout; more is an error. Default 16 MiB where they are collected, no limit where they are heard. */
  maxOutputBytes?: number
  /** Lower priority, 0..19 (POSIX nice). */
  nice?: number
  cwd?: string
  /** Variables beside those of our own environment. */
  env?: Readonly<Record<string, string>>
  /** Hears stdout line by line instead of having it collected. */
  onLine?: (line: string) => void
  /** Hears stdout as it comes instead of having it collected; the program waits for as long as this does. */
  onBytes?: (chunk: Buffer) => Promise<void>
  /** What the program reads from stdin, a chunk at a time; without it stdin is at its end at once. */
  input?: Iterable<Uint8Array> | AsyncIterable<Uint8Array>
}

/** What a program that ended with 0 left. */
export type RunResult = { stdout: Buffer; stderr: string }

/** A program that ended badly: exit code or signal, and the last of what it said. */
export class RunError extends Error {
  override readonly name = 'RunError'
  readonly exitCode: number | null
  readonly stderr: string

  constructor(message: string, exitCode: number | null, stderr: string) {
    super(message)
    this.exitCode = exitCode
    this.stderr = stderr
  }
}

/** Bytes of stderr kept: enough for ffmpeg's last words, bounded against a flood. */
const STDERR_RING_BYTES = 16 * 1024

/**
 * Runs a program in a process group of its own, no shell. Resolves when it ended with 0; rejects with RunError
 * otherwise, with the signal's reason on abort, with what `input` throws. SIGKILL goes to the whole group: ffmpeg
 * answers SIGTERM by finishing files, and a child of it would outlive it.
 */
export function run(program: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const { signal, timeoutMs, silenceMs, nice, cwd, env, onLine, onBytes, input } = options
  const { maxOutputBytes = onLine || onBytes ? Infinity : 16 * 1024 * 1024 } = options
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error)
      return
    }
    const child = spawn(program, args, {
      detached: true,
      stdio: 'pipe',
      ...(cwd ? { cwd } : {}),
      ...(env ? { env: { ...process.env, ...env } } : {}),
    })
    let failure: Error | undefined
    const kill = (why: Error): void => {
      failure ??= why
      // What nobody reads any more would keep its end from being seen.
      if (onBytes) child.stdout.destroy()
      if (child.pid === undefined) return
      try {
        process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL')
      } catch {
        // Already gone: 'close' follows or has come.
      }
    }
    const limit = setTimeout(() => kill(new RunError(`${program} took too long`, null, stderr())), timeoutMs)
    let silence: NodeJS.Timeout | undefined
    const heard = (): void => {
      if (!silenceMs) return
      clearTimeout(silence)
      silence = setTimeout(() => kill(new RunError(`${program} hangs`, null, stderr())), silenceMs)
    }
    heard()
    const onAbort = (): void => kill(signal?.reason as Error)
    signal?.addEventListener('abort', onAbort, { once: true })

    const out: Buffer[] = []
    let handled = Promise.resolve()
    let outBytes = 0
    let rest = ''
    child.stdout.on('data', (chunk: Buffer) => {
      heard()
      outBytes += chunk.length
      if (outBytes > maxOutputBytes) {
        kill(new RunError(`${program} wrote too much`, null, stderr()))
        return
      }
      if (onBytes) {
        child.stdout.pause()
        clearTimeout(silence)
        // In a row, for Node lets paused bytes flow once the program has ended.
        handled = handled
          .then(() => onBytes(chunk))
          .then(() => {
            heard()
            child.stdout.resume()
          })
        handled.catch((error: unknown) => kill(error as Error))
        return
      }
      if (onLine) {
        const lines = (rest + chunk.toString('utf8')).split('\n')
        rest = lines.pop() ?? ''
        if (rest.length > STDERR_RING_BYTES) rest = ''
        for (const line of lines) onLine(line)
        return
      }
      out.push(chunk)
    })
    let ring = Buffer.alloc(0)
    const stderr = (): string => ring.toString('utf8')
    child.stderr.on('data', (chunk: Buffer) => {
      heard()
      ring = Buffer.concat([ring, chunk.subarray(-STDERR_RING_BYTES)]).subarray(-STDERR_RING_BYTES)
    })

    feed(input ?? [], child.stdin).catch((error: unknown) => kill(error as Error))

    if (nice !== undefined && child.pid !== undefined) lowerPriority(child.pid, nice)
    const done = (): void => {
      clearTimeout(limit)
      clearTimeout(silence)
      signal?.removeEventListener('abort', onAbort)
    }
    child.on('error', (error) => {
      done()
      reject(new AppError('internal', `${program} could not be started`, { cause: error }))
    })
    const ended = (code: number | null, killedBy: NodeJS.Signals | null): void => {
      done()
      if (failure) reject(failure)
      else if (code === 0) resolve({ stdout: Buffer.concat(out), stderr: stderr() })
      else reject(new RunError(`${program} ended with ${code ?? killedBy ?? 'an error'}`, code, stderr()))
    }
    child.on('close', (code, killedBy) => {
      // What was heard of it may still be at work.
      if (onBytes && !failure) handled.catch(() => undefined).finally(() => ended(code, killedBy))
      else ended(code, killedBy)
    })
  })
}

/**
 * Lowers the priority of a program that leads a session of its own. Linux may share the processor out among sessions first
 * (sched(7), autogrouping), and then the niceness of a process counts inside its session alone: so the session gets it too.
 */
function lowerPriority(pid: number, nice: number): void {
  try {
    setPriority(pid, nice)
    if (process.platform === 'linux') writeFileSync(`/proc/${pid}/autogroup`, String(nice))
  } catch {
    // It has ended already, or the system does not group so, or was asked the same a moment ago.
  }
}

/** Writes all of `input`. A program that has read enough closes its end (EPIPE): its exit code tells whether that was right. */
async function feed(input: NonNullable<RunOptions['input']>, stdin: Writable): Promise<void> {
  try {
    await pipeline(Readable.from(input), stdin)
  } catch (error) {
    if (!['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET'].includes(systemCode(error) ?? '')) throw error
  }
}
