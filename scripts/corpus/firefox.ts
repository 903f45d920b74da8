import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { playThrough, type Outcome } from '../../e2e/play-through.ts'
import { programOnPath, type PlayingBrowser } from './browsers.ts'

const PROGRAMS = ['firefox-esr', 'firefox']

/** Sound may play unasked, and nothing leaves the machine. */
const PREFERENCES: Readonly<Record<string, string | number | boolean>> = {
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  'app.update.auto': false,
  'app.normandy.enabled': false,
  'browser.safebrowsing.downloads.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.getAddons.cache.enabled': false,
  'media.gmp-manager.updateEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'http://127.0.0.1:9/',
  'toolkit.telemetry.enabled': false,
}

/** What Firefox answers to a command: a result, or why there is none (WebDriver BiDi section 4.2). */
type Answer = { id?: number; result?: unknown; error?: string; message?: string }

type Evaluated =
  { type: 'success'; result: { value: string } } | { type: 'exception'; exceptionDetails: { text: string } }

/** Opens a system's own Firefox, driven by WebDriver BiDi, which needs no driver. Undefined when there is none. */
export async function openFirefox(): Promise<PlayingBrowser | undefined> {
  const program = programOnPath(PROGRAMS)
  if (program === undefined) return undefined
  const profile = mkdtempSync(join(tmpdir(), 'matinee-firefox-'))
  const lines = Object.entries(PREFERENCES).map(
    ([key, value]) => `user_pref(${JSON.stringify(key)}, ${JSON.stringify(value)});`,
  )
  writeFileSync(join(profile, 'user.js'), lines.join('\n'))
  const child = spawn(
    program,
    ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, MOZ_CRASHREPORTER_DISABLE: '1' } },
  )
  const ended = once(child, 'exit')
  const end = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const address = await Promise.race([
      addressIn(child.stderr),
      ended.then(() => Promise.reject(new Error('Firefox ended at once'))),
    ])
    const send = await connect(`${address}/session`)
    const session = (await send('session.new', { capabilities: {} })) as {
      capabilities: { browserVersion: string }
    }
    return {
      name: 'Firefox',
      version: session.capabilities.browserVersion,
      // Without a device the clock of its AudioContext stands still.
      hears: false,
      async play(page, request) {
        const { context } = (await send('browsingContext.create', { type: 'tab' })) as { context: string }
        try {
          await send('browsingContext.navigate', { context, url: page, wait: 'complete' })
          const expression = `(${playThrough.toString()})(${JSON.stringify(request)}).then(JSON.stringify)`
          const evaluated = (await send('script.evaluate', {
            ...{ expression, target: { context }, awaitPromise: true, userActivation: true },
          })) as Evaluated
          if (evaluated.type === 'exception') throw new Error(evaluated.exceptionDetails.text)
          return JSON.parse(evaluated.result.value) as Outcome
        } finally {
          await send('browsingContext.close', { context })
        }
      },
      close: end,
    }
  } catch (error) {
    await end()
    throw error
  }
}

/** The address that Firefox says it listens on. */
async function addressIn(stderr: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(stderr)) {
    const address = /WebDriver BiDi listening on (ws:\S+)/.exec(line)?.[1]
    if (address === undefined) continue
    // Nobody reads the rest, which must not fill the pipe.
    stderr.resume()
    return address
  }
  throw new Error('Firefox does not listen')
}

async function connect(address: string): Promise<(method: string, params: object) => Promise<unknown>> {
  const socket = new WebSocket(address)
  await once(socket, 'open')
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  socket.addEventListener('message', ({ data }) => {
    const { id = 0, result, error, message } = JSON.parse(String(data)) as Answer
    const answer = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) answer?.resolve(result)
    else answer?.reject(new Error(`${error}: ${message ?? ''}`))
  })
  socket.addEventListener('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('Firefox is gone'))
  })
  let last = 0
  return (method, params) => {
    const answer = Promise.withResolvers<unknown>()
    waiting.set(++last, answer)
    socket.send(JSON.stringify({ id: last, method, params }))
    return answer.promise
  }
}
