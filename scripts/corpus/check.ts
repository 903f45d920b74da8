import type { RunningEngine } from '../../e2e/engine.ts'
import type { Outcome } from '../../e2e/play-through.ts'
import type { File } from '../../src/shared/api/file.ts'
import type { Tools } from '../../src/main/media/tools.ts'
import { testMedia } from '../test-media.ts'
import type { PlayingBrowser } from './browsers.ts'
import { openStream } from './client.ts'
import { compareWithSource, type Compared } from './compare.ts'
import type { CorpusFile, Delivery, Expected } from './expected.ts'
import { shortName } from './files.ts'

/** What the checks of one corpus file need. */
export type CheckDeps = {
  engine: RunningEngine
  /** The ffmpeg that plays the stream, which need not be the engine's. */
  tools: Tools
  browsers: readonly PlayingBrowser[]
  /** Origin of the page with the player. */
  site: string
  /** Takes playlists. */
  dir: string
}

/** What came of one file. */
export type Checked = {
  name: string
  trait: string
  wanted: Delivery
  delivery: Delivery
  /** What its owner is told about it. */
  says: string
  /** What is wrong with what was told, in words. */
  told: string[]
  /** Faults that begin so are known. */
  known: readonly string[]
  /** What went wrong in each browser. */
  browsers: { name: string; faults: string[] }[]
  /** What ffmpeg found as a client; null where nothing plays. */
  client: Compared | null
}

/**
 * Faults of a browser that no file and no stream is to blame for: WebKitGTK does not heed edit lists, so that all of a
 * stream whose pictures wait for one another comes later by that wait (hls.js may step over the hole before it), does not
 * turn pictures, and now and then stands still after its first pictures.
 */
const KNOWN_OF_BROWSERS = [
  'WebKitGTK: hls.js: bufferSeekOverHole',
  'WebKitGTK: begins at 0.1 s',
  'WebKitGTK: 320x180',
  'WebKitGTK: plays at the second try',
]

/** Every fault of a file that is not known. */
export const newFaultsOf = (checked: Checked): string[] =>
  faultsOf(checked).filter(
    (fault) => ![...KNOWN_OF_BROWSERS, ...checked.known].some((it) => fault.startsWith(it)),
  )

/** Every fault of a file. */
export const faultsOf = ({ told, browsers, client }: Checked): string[] => [
  ...told,
  ...browsers.flatMap(({ name, faults }) => faults.map((it) => `${name}: ${it}`)),
  ...(client?.faults ?? []).map((it) => `ffmpeg: ${it}`),
]

/** How much a length may differ from what is expected, in seconds: of a frame of sound at 8 kHz. */
const LENGTH_S = 0.15

/** Imports a corpus file, shares it, plays it in every browser, and lays what ffmpeg gets beside the source. */
export async function checkFile(deps: CheckDeps, corpusFile: CorpusFile): Promise<Checked> {
  const { expected, trait } = corpusFile
  const name = shortName(corpusFile)
  const known = expected.known ?? []
  const path = testMedia(corpusFile.name)
  const file = await deps.engine.addFile(path).catch((error: unknown) => {
    // What is no film is refused at once, and with its reason.
    const body = /: 415 ({.*})$/.exec(String(error))?.[1]
    if (body === undefined) throw error
    return JSON.parse(body) as { error: string }
  })
  if ('error' in file) {
    const told = toldFaults(expected, 'refused', file.error)
    return {
      name,
      trait,
      wanted: expected.delivery,
      delivery: 'refused',
      says: file.error,
      ...{ told, known },
      browsers: [],
      client: null,
    }
  }
  const says = file.delivery_reason ?? file.failure?.message ?? ''
  const delivery: Delivery = file.playable ? (file.delivery ?? 'refused') : 'refused'
  const checked = {
    ...{ name, trait, wanted: expected.delivery, delivery, says, known },
    told: [...toldFaults(expected, delivery, says), ...(file.playable ? factFaults(expected, file) : [])],
  }
  if (!file.playable) return { ...checked, browsers: [], client: null }

  const share = await deps.engine.share(file.id)
  const url = share.stream_url
  if (url === undefined) {
    return { ...checked, told: [...checked.told, `the share is ${share.status}`], browsers: [], client: null }
  }
  const stream = await openStream(deps.tools, url, deps.dir, share.id)
  const page = `${deps.site}/${expected.sounds > 1 ? 'full' : 'light'}`
  const browsers = await Promise.all(
    deps.browsers.map(async (browser) => ({
      name: browser.name,
      faults: await browser
        .play(page, { url, isHeard: expected.sounds > 0 && browser.hears })
        .then((outcome) => playFaults(expected, outcome))
        .catch((error: unknown) => [String(error)]),
    })),
  )
  const client = await compareWithSource(deps.tools, path, stream, delivery, expected).catch(
    (error: unknown): Compared => ({
      faults: [String(error)],
      pictures: 0,
      worstDb: null,
      soundOffsetS: null,
    }),
  )
  return { ...checked, browsers, client }
}

function toldFaults(expected: Expected, delivery: Delivery, says: string): string[] {
  if (delivery !== expected.delivery) return [`told as ${delivery}: ${says}`]
  return expected.says && !expected.says.test(says) ? [`says: ${says}`] : []
}

function factFaults({ durationS, size, sounds }: Expected, { media_info: facts }: File): string[] {
  const toldS = facts.duration_seconds ?? 0
  return [
    ...(Math.abs(toldS - durationS) < LENGTH_S ? [] : [`told as ${toldS} s long`]),
    ...(size && !isSameAspect([facts.width ?? 0, facts.height ?? 0], size)
      ? [`told as ${facts.width ?? 0}x${facts.height ?? 0}`]
      : []),
    ...(Boolean(facts.has_audio) === sounds > 0
      ? []
      : [`told ${facts.has_audio ? '' : 'not '}to have sound`]),
  ]
}

function playFaults({ durationS, size, sounds }: Expected, it: Outcome): string[] {
  const [, more] = it.ranges
  const isHeard = (it.loudest ?? 0) > 0.01
  return [
    ...it.errors,
    ...(more ? [`buffered in ${it.ranges.length} ranges`] : []),
    ...(Math.abs(it.durationS - durationS) < LENGTH_S ? [] : [`${it.durationS.toFixed(2)} s long`]),
    ...(it.width > 0 === (size !== null) ? [] : [size ? 'no picture' : 'a picture']),
    ...(size && !isShownAs([it.width, it.height], size) ? [`${it.width}x${it.height}`] : []),
    // WebKitGTK does not tell, but it is heard.
    ...(it.decodesSound || isHeard || sounds === 0 ? [] : ['no sound is decoded']),
    ...(sounds === 0 || it.loudest === null || isHeard ? [] : ['no sound is heard']),
    ...(sounds > 1 && it.sounds !== sounds ? [`${it.sounds} sounds to choose from`] : []),
  ]
}

/** Lines of the smaller pictures of a conversion, which a player takes where loading is slow. */
const SMALLER_LINES = [480, 720]

const isShownAs = (shown: readonly [number, number], wanted: readonly [number, number]): boolean =>
  isSameShape(shown, wanted) || (SMALLER_LINES.includes(Math.min(...shown)) && isSameAspect(shown, wanted))

/** Within one pixel of either side. */
function isSameShape(
  [width, height]: readonly [number, number],
  [wantedWidth, wantedHeight]: readonly [number, number],
): boolean {
  return Math.abs(width - wantedWidth) <= 1 && Math.abs(height - wantedHeight) <= 1
}

/** What is told is the source's size, which may be larger than what is shown. */
function isSameAspect(
  [width, height]: readonly [number, number],
  [wantedWidth, wantedHeight]: readonly [number, number],
): boolean {
  return Math.abs(width / height / (wantedWidth / wantedHeight) - 1) < 0.01
}
