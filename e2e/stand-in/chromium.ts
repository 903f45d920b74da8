import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { connectCdp, type Cdp } from './cdp.ts'

/** The Chromium whose pages are the windows. */
export type Chromium = Cdp & {
  /** Where Playwright connects to, for the test. */
  endpoint: string
  process: ChildProcess
  /** Opens an empty page, paused, and attaches to it. */
  newPage(size: { width: number; height: number }): Promise<{ targetId: string; session: CdpSession }>
}
type CdpSession = Cdp['root']

/** A target may be gone before it has answered. */
const ignore = (): undefined => undefined

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
 * Attaches to each new page before it runs. One that a page opened by itself is closed, having loaded nothing: the
 * stand-in knows no window that the app did not make.
 */
async function watchTargets(
  { root, session }: Cdp,
  onStray: (url: string) => void,
): Promise<Chromium['newPage']> {
  const own = new Set<string>()
  const attached = new Map<string, PromiseWithResolvers<string>>()
  const attachment = (targetId: string): PromiseWithResolvers<string> => {
    const it = attached.get(targetId) ?? Promise.withResolvers<string>()
    attached.set(targetId, it)
    return it
  }
  /** Settles when no page of ours is being made: only then is known whose a new one is. */
  let making: Promise<unknown> = Promise.resolve()

  /** Lets nothing load: its requests are held back, and it is closed without an answer to them. */
  const turnAway = (stranger: CdpSession, targetId: string): void => {
    void stranger.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }).catch(ignore)
    // Its process may be its opener's, which must not stand still with it.
    void stranger.send('Runtime.runIfWaitingForDebugger').catch(ignore)
    void root.send('Target.closeTarget', { targetId }).catch(ignore)
  }

  root.on('Target.targetCreated', ({ targetInfo: { targetId, openerId, url } }) => {
    void making.then(() => {
      // One that has an opener is told of by that: Page.windowOpen.
      if (!own.has(targetId) && openerId === undefined) onStray(url)
    })
  })
  root.on('Target.attachedToTarget', ({ sessionId, targetInfo: { targetId } }) => {
    attachment(targetId).resolve(sessionId)
    void making.then(() => {
      if (!own.has(targetId)) turnAway(session(sessionId), targetId)
    })
  })
  const filter = [{ type: 'page' }]
  await root.send('Target.setDiscoverTargets', { discover: true, filter })
  await root.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: true,
    flatten: true,
    filter,
  })
  return async (size) => {
    const made = root
      .send('Target.createTarget', { url: 'about:blank', newWindow: true, ...size })
      .then(({ targetId }) => {
        own.add(targetId)
        return targetId
      })
    making = made
    const targetId = await made
    return { targetId, session: session(await attachment(targetId).promise) }
  }
}
