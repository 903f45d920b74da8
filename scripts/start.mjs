// npm start: builds what is out of date, then opens the desktop app where that can be, or runs without a window.
// Plain JavaScript that Node 20 reads: it is what finds a newer one.
import { buildIfStale } from './build.mjs'
import { runInTerminal } from './launcher/child.mjs'
import { findDesktop } from './launcher/desktop.mjs'
import { fetchFfmpegIfOld } from './launcher/downloads.mjs'
import { runHeadless } from './launcher/headless.mjs'
import { needNode, ROOT } from './launcher/node.mjs'
import { endWithNpm } from './launcher/parent.mjs'

endWithNpm()
const args = process.argv.slice(2)
const wantsNoWindow = ['--headless', '--help', '-h', '--version'].some((it) => args.includes(it))

const node = needNode()
const [desktop] = await Promise.all([
  wantsNoWindow ? undefined : findDesktop(node),
  fetchFfmpegIfOld(node),
  buildIfStale(node),
])
if (desktop && 'program' in desktop) process.exitCode = await runInTerminal(desktop.program, [ROOT, ...args])
else {
  if (desktop) process.stderr.write(`No window: ${desktop.reason}. Running without one.\n`)
  await runHeadless(node, args)
}
