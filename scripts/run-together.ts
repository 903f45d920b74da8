import { spawn } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { resolve } from 'node:path'

/** A command with the name it is reported by. */
export type Command = { name: string; command: string; args: readonly string[] }

/**
 * Runs commands side by side and prints each one's whole output when it ends, so that they do not mix. Resolves with
 * the names of those that failed.
 */
export async function runTogether(commands: readonly Command[]): Promise<string[]> {
  const ended = await Promise.all(commands.map(runOne))
  return ended.filter((it) => !it.ok).map((it) => it.name)
}

async function runOne({ name, command, args }: Command): Promise<{ name: string; ok: boolean }> {
  const startedMs = performance.now()
  const child = spawn(command, args, {
    cwd: resolve(import.meta.dirname, '..'),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  const output = Buffer.concat(chunks).toString().trim()
  console.log(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)${output ? `\n${output}\n` : ''}`)
  return { name, ok: code === 0 }
}
