import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBuiltEngine } from '../../e2e/engine.ts'
import { attack, type Attacked, type AttackOptions } from './run.ts'
import { makeVictims } from './victims.ts'

/** Attacks a built Matinee of its own that has shares of every kind, and ends it. */
export async function attackOwn(
  options: Pick<AttackOptions, 'seed' | 'count' | 'onPart'>,
): Promise<Attacked> {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-attack-'))
  const [dataDir, media] = [join(folder, 'data'), join(folder, 'media')]
  mkdirSync(media)
  const engine = await startBuiltEngine({ dataDir })
  try {
    const secret = Buffer.from(readFileSync(join(dataDir, 'secret'), 'utf8').trim(), 'base64url')
    const { apiUrl, shareUrl, key, process } = engine
    const target = { apiUrl, shareUrl, key, secret }
    const victims = await makeVictims(target, media, (path) => engine.addFile(path))
    const { pid } = process
    const result = await attack({ ...options, target, victims, ...(pid === undefined ? {} : { pid }) })
    if (process.exitCode !== null || process.signalCode !== null)
      result.faults.push('the engine ended under the attack')
    const log = readFileSync(join(dataDir, 'logs/matinee.log'), 'utf8')
    if (log.includes('failed by a bug')) result.faults.push('there are bugs in the log')
    // A key that stands in the log is a key that was given away.
    if (/m1\.[\w-]{20}/.test(log)) result.leaks.push('a token stands in the log')
    const code = await engine.stop()
    if (code !== 0) result.faults.push(`the engine ended with ${code ?? String(process.signalCode)}`)
    return result
  } finally {
    await engine.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Everything that is wrong with what an attack came to. */
export const faultsIn = ({ leaks, failures, faults }: Attacked): string[] => [
  ...leaks,
  ...failures,
  ...faults,
]
