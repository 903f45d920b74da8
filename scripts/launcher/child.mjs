import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/**
 * Runs a program in the terminal of this process until it ends. Signals are passed on, so that `kill` on us stops it
 * cleanly. Resolves with what a shell would give as its exit code.
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
export function runInTerminal(command, args) {
  const child = spawn(command, args, { stdio: 'inherit' })
  const signals = /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
  const passOn = (/** @type {NodeJS.Signals} */ signal) => void child.kill(signal)
  for (const signal of signals) process.on(signal, passOn)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      for (const it of signals) process.off(it, passOn)
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0))
    })
  })
}
