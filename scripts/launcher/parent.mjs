/** How often the parent is looked at. */
const LOOK_MS = 250

/**
 * Ends this process as SIGTERM does when the npm that started it has gone. npm runs scripts in a shell and passes
 * signals to that shell alone; a shell that dies of one (dash) leaves its child behind, running and holding the ports.
 */
export function endWithNpm() {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return
  const parent = process.ppid
  const looking = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(looking)
    process.kill(process.pid, 'SIGTERM')
  }, LOOK_MS)
  looking.unref()
}
