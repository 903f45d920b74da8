import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runInTerminal } from './child.mjs'
import { ROOT } from './node.mjs'

/**
 * Runs the built headless command with `args`: in this very process where its Node is new enough, or else as a child
 * of the one that is.
 * @param {string} node
 * @param {readonly string[]} args
 */
export async function runHeadless(node, args) {
  const command = join(ROOT, 'out/main/headless.js')
  if (node === process.execPath) {
    process.argv.splice(1, Infinity, command, ...args)
    await import(pathToFileURL(command).href)
  } else process.exitCode = await runInTerminal(node, [command, ...args])
}
