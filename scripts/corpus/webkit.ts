import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { playThrough, type Outcome } from '../../e2e/play-through.ts'
import { programOnPath, type PlayingBrowser } from './browsers.ts'

/** Where Debian and Fedora put the browser that WebKitGTK is tried in. */
const BROWSERS = '/usr/{lib/*/,lib64/,libexec/}webkit{2gtk,gtk}-*/MiniBrowser'

/** Milliseconds a driver may take to listen, and a script to end. */
const START_MS = 20_000
const SCRIPT_MS = 240_000

/**
 * Opens WebKitGTK by WebDriver, on a display of its own. Undefined when the driver, the browser or Xvfb is missing. It
 * plays one stream at a time. Where its player stands still at once, which befalls it now and then, it is given the same
 * stream again, and that is told as a fault.
 */
export async function openWebKit(): Promise<PlayingBrowser | undefined> {
  const driver = programOnPath(['WebKitWebDriver'])
  const display = programOnPath(['xvfb-run'])
  const [browser] = globSync(BROWSERS)
  if (driver === undefined || display === undefined || browser === undefined) return undefined
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  // Its own group: Xvfb and the browser end with the driver.
  const child = spawn(display, ['-a', driver, '--host=127.0.0.1', `--port=${port}`], {
    ...{ stdio: 'ignore', detached: true },
    env: { ...process.env, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1', LIBGL_ALWAYS_SOFTWARE: '1' },
  })
  const ended = once(child, 'exit')
  const end = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
    await ended
  }
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${origin}${path}`, {
      ...{ method, signal: AbortSignal.timeout(SCRIPT_MS + START_MS) },
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    })
    const { value } = (await answer.json()) as { value: unknown }
    if (!answer.ok) throw new Error(`WebKitWebDriver: ${JSON.stringify(value).slice(0, 300)}`)
    return value
  }
  try {
    const startedMs = performance.now()
    while (!(await call('GET', '/status').catch(() => null))) {
      if (performance.now() - startedMs > START_MS) throw new Error('WebKitWebDriver does not listen')
      await delay(50)
    }
    const session = (await call('POST', '/session', {
      capabilities: {
        alwaysMatch: {
          timeouts: { script: SCRIPT_MS },
          'webkitgtk:browserOptions': { binary: browser, args: ['--automation', '--autoplay-policy=allow'] },
        },
      },
    })) as { sessionId: string; capabilities: { browserVersion: string } }
    const at = `/session/${session.sessionId}`
    let last: Promise<unknown> = Promise.resolve()
    const playOne = async (...[page, request]: Parameters<PlayingBrowser['play']>): Promise<Outcome> => {
      await call('POST', `${at}/url`, { url: page })
      const script = `const done = arguments[arguments.length - 1]
        ;(${playThrough.toString()})(arguments[0]).then((it) => done(JSON.stringify(it)), (error) => done(JSON.stringify({ failed: String(error) })))`
      const said = (await call('POST', `${at}/execute/async`, { script, args: [request] })) as string
      const outcome = JSON.parse(said) as Outcome | { failed: string }
      if ('failed' in outcome) throw new Error(outcome.failed)
      return outcome
    }
    const playTwice = async (...what: Parameters<PlayingBrowser['play']>): Promise<Outcome> => {
      const first = await playOne(...what)
      if (!first.errors[0]?.startsWith('play: never')) return first
      const second = await playOne(...what)
      return { ...second, errors: [...second.errors, `plays at the second try (${first.errors[0]})`] }
    }
    return {
      name: 'WebKitGTK',
      version: session.capabilities.browserVersion,
      hears: true,
      play(...what) {
        const mine = last.then(() => playTwice(...what))
        last = mine.catch(() => undefined)
        return mine
      },
      async close() {
        await call('DELETE', at).catch(() => undefined)
        await end()
      },
    }
  } catch (error) {
    await end()
    throw error
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}
