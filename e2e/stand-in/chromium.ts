import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { connectCdp, type Cdp } from './cdp.ts'

/** The Chromium whose pages are the windows. */
export type Chromium = Cdp & {
  /** Where Playwright connects to, for the test. */
  endpoint: string
  process: ChildProcess
  /** Opens an empty page and attaches to it. */
  newPage(size: { width: number; height: number }): Promise<{ targetId: string; session: CdpSession }>
}
type CdpSession = Cdp['root']

/**
 * Starts `program` without a window of its own, with its profile in `profile`. `onStray` hears of pages that
 * want to be there and have no opener: a link was pressed with Ctrl, or with the wheel.
 */
export async function startChromium(
  program: string,
  profile: string,
  onStray: (url: string) => void,
): Promise<Chromium> {
  const child = spawn(
    program,
    [
      ...['--headless=new', '--no-startup-window', '--remote-debugging-port=0', `--user-data-dir=${profile}`],
      ...['--no-first-run', '--disable-background-networking', '--disable-component-update'],
      // Nothing leaves this machine.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      // Electron has no popup blocker: every window.open is asked about.
      '--disable-popup-blocking',
      // Chromium's sandbox refuses root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const endpoint = await readEndpoint(child)
  const cdp = await connectCdp(endpoint)
  return { ...cdp, endpoint, process: child, newPage: await watchTargets(cdp, onStray) }
}

/** The address that Chromium prints once its DevTools listen. */
async function readEndpoint(child: ChildProcess): Promise<string> {
  const said: string[] = []
  if (child.stderr) {
    for await (const line of createInterface(child.stderr)) {
      said.push(line)
      const [, endpoint] = /^DevTools listening on (ws:\S+)/.exec(line) ?? []
      if (endpoint !== undefined) return endpoint
    }
  }
  throw new Error(`Chromium did not start: ${said.slice(-5).join(' ')}`)
}

/**
 * Looks at each new page. One that a page opened by itself is no window: the test closes it as soon as Playwright knows
 * it (launch.ts), since Chromium does not bear a page that is closed while somebody attaches to it.
 */
async function watchTargets(
  { root, session }: Cdp,
  onStray: (url: string) => void,
): Promise<Chromium['newPage']> {
  const own = new Set<string>()
  /** Settles when no page of ours is being made: only then is known whose a new one is. */
  let making: Promise<unknown> = Promise.resolve()

  root.on('Target.targetCreated', ({ targetInfo: { targetId, openerId, url } }) => {
    void making.then(() => {
      // One that has an opener is told of by that: Page.windowOpen.
      if (!own.has(targetId) && openerId === undefined) onStray(url)
    })
  })
  await root.send('Target.setDiscoverTargets', { discover: true, filter: [{ type: 'page' }] })
  return async (size) => {
    const made = root.send('Target.createTarget', { url: 'about:blank', newWindow: true, ...size })
    making = made.then(({ targetId }) => own.add(targetId))
    await making
    const { targetId } = await made
    const { sessionId } = await root.send('Target.attachToTarget', { targetId, flatten: true })
    return { targetId, session: session(sessionId) }
  }
}
