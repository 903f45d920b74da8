import { mkdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a second instance hands to the first. */
export type HandedOver = { argv: string[]; cwd: string; data: unknown }

const LOCK = 'stand-in.lock'
const LETTER = /^second-\d+\.json$/

/**
 * Takes the lock of `folder`, or hands `letter` to the process that has it and returns false. The lock holds the
 * number of its process: one that died without giving it back is passed over.
 */
export function takeOrHandOver(
  folder: string,
  letter: HandedOver,
  onSecond: (letter: HandedOver) => void,
): boolean {
  mkdirSync(folder, { recursive: true })
  const lock = join(folder, LOCK)
  if (!written(lock) && isAlive(Number(readFileSync(lock, 'utf8')))) {
    const name = `second-${process.pid}.json`
    writeFileSync(join(folder, `${name}.partial`), JSON.stringify(letter))
    renameSync(join(folder, `${name}.partial`), join(folder, name))
    return false
  }
  writeFileSync(lock, String(process.pid))
  watch(folder, (_event, name) => {
    if (name === null || !LETTER.test(name)) return
    const text = taken(join(folder, name))
    if (text !== undefined) onSecond(JSON.parse(text) as HandedOver)
  }).unref()
  return true
}

/** Gives the lock of `folder` back. */
export function releaseLock(folder: string): void {
  rmSync(join(folder, LOCK), { force: true })
}

function written(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    return false
  }
}

/** The text of a letter, which is away then; undefined for the second of the two events that one letter causes. */
function taken(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8')
    rmSync(file)
    return text
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
