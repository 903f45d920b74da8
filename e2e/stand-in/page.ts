import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { allowGone } from './cdp.ts'
import type { Chromium } from './chromium.ts'
import { PERMISSIONS, type StandInSession } from './session.ts'
import { mainWorld, preloadWorld, type DroppedFile } from './worlds.ts'

/** What a page asks of its window. */
export type PageOwner = {
  session: StandInSession
  /** False when a frame may not go to `url`. Not asked for what the app loads itself. */
  mayGo(request: { url: string; isMainFrame: boolean; isRedirect: boolean }): boolean
  /** A page wanted a window of its own. */
  wantsWindow(url: string): void
  /** A call from the preload script of the frame that shows `url`. */
  invoked(channel: string, args: readonly unknown[], url: string): Promise<unknown>
  loaded(): void
  gone(): void
}

/** A page of Chromium that plays the part of a window's contents. */
export type StandInPage = {
  readonly url: string
  /** Resolves when the page has been loaded. Throws with Chromium's word for it when it could not be. */
  load(url: string): Promise<void>
  /** Tells the preload script where files lie that are about to be dropped. */
  announce(files: readonly DroppedFile[]): Promise<void>
  close(): Promise<void>
}

/** Name of the world of preload scripts. */
const WORLD = 'stand-in preload'
const EMPTY = 'about:blank'

type Call = { id: number; channel: string; args: unknown[] }
/** A request that Chromium holds back until it is told what to do with it. */
type PausedRequest = {
  requestId: string
  request: { url: string }
  frameId: string
  resourceType: string
  redirectedRequestId?: string
}

/** Opens a page and lets `preload` run in each of its documents before the page's own scripts. */
export async function openPage(
  chromium: Chromium,
  options: { size: { width: number; height: number }; preload: string | undefined },
  owner: PageOwner,
): Promise<StandInPage> {
  const { root } = chromium
  const { targetId, session } = await chromium.newPage(options.size)
  const mainFrame = (await session.send('Page.getFrameTree')).frameTree.frame.id
  const urls = new Map<string, string>([[mainFrame, EMPTY]])
  /** Frames by the preload script's world in them. */
  const worlds = new Map<number, string>()
  /** Addresses on their way that the app asked for itself. */
  const own = new Set<string>()
  const url = (): string => urls.get(mainFrame) ?? EMPTY

  session.on('Page.frameNavigated', ({ frame }) => urls.set(frame.id, frame.url))
  session.on('Page.navigatedWithinDocument', (it) => urls.set(it.frameId, it.url))
  session.on('Page.loadEventFired', () => {
    if (url() !== EMPTY) owner.loaded()
  })
  session.on('Page.windowOpen', (it) => {
    owner.wantsWindow(it.url)
  })
  root.on('Target.targetDestroyed', (it) => {
    if (it.targetId === targetId) owner.gone()
  })
  session.on('Runtime.executionContextCreated', ({ context: { id, name, auxData } }) => {
    if (name === WORLD) worlds.set(id, (auxData as { frameId: string }).frameId)
  })
  session.on('Runtime.executionContextDestroyed', (it) => worlds.delete(it.executionContextId))
  session.on('Runtime.executionContextsCleared', () => {
    worlds.clear()
  })
  session.on('Runtime.bindingCalled', ({ executionContextId: contextId, payload }) => {
    const { id, channel, args } = JSON.parse(payload) as Call
    const from = urls.get(worlds.get(contextId) ?? '') ?? ''
    owner
      .invoked(channel, args, from)
      .then(
        (value) => ({ id, value }),
        (error: unknown) => ({ id, error: error instanceof Error ? error.message : String(error) }),
      )
      .then((answer) => callWorld('standInReceive', answer, contextId))
      .catch(allowGone)
  })
  session.on('Fetch.requestPaused', (request) => {
    // Whatever else is wrong here ends the process, and the test with it.
    decide(request).catch(allowGone)
  })

  const callWorld = (name: string, argument: unknown, contextId: number) =>
    session.send('Runtime.evaluate', { expression: `${name}(${JSON.stringify(argument)})`, contextId })

  async function decide(paused: PausedRequest): Promise<void> {
    const { requestId, request, frameId, resourceType, redirectedRequestId } = paused
    const fail = async (errorReason: 'Aborted' | 'BlockedByClient') => {
      await session.send('Fetch.failRequest', { requestId, errorReason })
    }
    if (resourceType === 'Document') {
      const isRedirect = redirectedRequestId !== undefined
      const isOwn = own.delete(request.url) && !isRedirect
      const going = { url: request.url, isMainFrame: frameId === mainFrame, isRedirect }
      if (!isOwn && !owner.mayGo(going)) return fail('Aborted')
      await setPermissions(new URL(request.url).origin)
    }
    if (!(await owner.session.mayLoad(request.url))) return fail('BlockedByClient')
    await session.send('Fetch.continueRequest', { requestId })
  }

  /** Chromium is told the app's answers before the first document of an origin can ask. */
  async function setPermissions(origin: string): Promise<void> {
    for (const [permission, names] of Object.entries(PERMISSIONS)) {
      const setting = (await owner.session.mayUse(permission, origin)) ? 'granted' : 'denied'
      for (const name of names) {
        await root.send('Browser.setPermission', { origin, permission: { name }, setting })
      }
    }
  }

  await session.send('Page.enable')
  await session.send('Runtime.enable')
  await session.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] })
  if (options.preload !== undefined) {
    const [inPage, inPreload] = scriptsFor(options.preload)
    await session.send('Runtime.addBinding', { name: 'standInPost', executionContextName: WORLD })
    await session.send('Page.addScriptToEvaluateOnNewDocument', { source: inPage })
    await session.send('Page.addScriptToEvaluateOnNewDocument', { source: inPreload, worldName: WORLD })
  }

  return {
    get url() {
      return url()
    },
    async load(to) {
      const { href } = new URL(to)
      own.add(href)
      const loaded = new Promise((resolve) => {
        session.on('Page.loadEventFired', resolve)
      })
      const { errorText } = await session.send('Page.navigate', { url: href })
      if (errorText !== undefined) throw new Error(`${errorText} loading '${href}'`)
      await loaded
    },
    async announce(files) {
      const [world] = [...worlds].find(([, frame]) => frame === mainFrame) ?? []
      if (world !== undefined) await callWorld('standInPaths', files, world)
    },
    async close() {
      await root.send('Target.closeTarget', { targetId })
    },
  }
}

/** What runs in each new document: the page's end of the bridge, then the preload script. Frames get neither. */
function scriptsFor(preload: string): [inPage: string, inPreload: string] {
  const secret = JSON.stringify(randomUUID())
  const surroundings = JSON.stringify({ platform: process.platform })
  const script = `function (require, process, module, exports) {\n${readFileSync(preload, 'utf8')}\n}`
  return [
    `if (window.parent === window) (${String(mainWorld)})(${secret})`,
    `if (window.parent === window) (${String(preloadWorld)})(${secret}, ${surroundings}, ${script})\n` +
      `//# sourceURL=${pathToFileURL(preload).href}`,
  ]
}
