import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../base/errors.ts'
import type { Playable } from '../../media/playable.ts'
import { checkSource } from '../../media/source.ts'
import type { Tools } from '../../media/tools.ts'
import { isPictureCopied } from '../packagers.ts'
import type { Streams } from '../streams.ts'
import { readSourceLook } from '../source-look.ts'
import { keepToneTable } from '../tone-tables.ts'
import { planTranscode, type PicturePlan } from '../transcode-plan.ts'
import { writeFilm } from '../write-film.ts'
import type { Turns } from '../transcode-turns.ts'
import {
  animationArguments,
  filmArguments,
  keptPictureArguments,
  soundArguments,
  type ExportSource,
} from './export-arguments.ts'
import { isAnimation, type ExportPlan } from './export-plan.ts'
import { bounded, planFit, smallestFit, type FitRequest } from './fit-size.ts'
import { runExport } from './run-export.ts'

/** What was made: a file in the folder that was given. */
export type MadeExport = {
  path: string
  bytes: number
  /** True when all of the picture, or of sound alone, was encoded anew. */
  isConverted: boolean
}

/** What making an export uses. */
export type MakeDeps = {
  tools: Tools
  streams: Pick<Streams, 'clipCost' | 'clipFile' | 'opensNow' | 'prepare'>
  turns: Turns
}

type Making = {
  plan: ExportPlan
  /** Without a window; the plan has it. */
  playable: Playable
  /** An empty one, whose owner removes it. */
  folder: string
  signal: AbortSignal
  progress: (fraction: number) => void
}

/** A first pass makes no sound and no file. */
const FIRST_PASS_SHARE = 0.4
const FIT_ATTEMPTS = 4
/** Tried again with less, so that the next attempt is not over the limit by as much. */
const AGAIN_FACTOR = 0.97

/** Of exports, who came first. */
const URGENCY = 0

/**
 * Makes what was planned. Throws AppError `unsupported_media` when it cannot be made, `file_missing` when the source
 * changed meanwhile, `disk_full`, the signal's reason on abort.
 */
export async function makeExport(deps: MakeDeps, making: Making): Promise<MadeExport> {
  const { plan, playable, signal } = making
  const streamed = plan.format === 'mp4' && plan.mayCopy ? await streamedFilm(deps, making) : null
  if (streamed) return streamed
  const source = await sourceOf(deps.tools, making)
  const turn = await deps.turns.take({ urgency: () => URGENCY }, signal)
  try {
    const made = await encoded(deps, making, source)
    // A file that was written to meanwhile is not what its tables say.
    await checkSource(playable)
    return made
  } finally {
    turn()
  }
}

/** The film as its stream has it: by smart cut, or converted; null when that is too large, or less can be encoded. */
async function streamedFilm(deps: MakeDeps, making: Making): Promise<MadeExport | null> {
  const { plan, playable, folder, signal, progress } = making
  const { streams } = deps
  if (isPictureKept(making)) return null
  const isTooLarge = plan.maxBytes !== null && copiedBytes(playable, plan) > plan.maxBytes * LIKELY
  if (isTooLarge || (plan.maxBytes !== null && (await isConverted(deps, making)))) return null
  const path = join(folder, 'film.mp4')
  await writeFilm(
    streams,
    plan.window ? { ...playable, window: plan.window } : playable,
    path,
    signal,
    progress,
  )
  const bytes = (await stat(path)).size
  if (plan.maxBytes === null || bytes <= plan.maxBytes) {
    return { path, bytes, isConverted: await isConverted(deps, making) }
  }
  await rm(path)
  return null
}

/** True when all of the picture is encoded; known for certain once it was tried. */
async function isConverted({ streams }: MakeDeps, { plan, playable, signal }: Making): Promise<boolean> {
  if (playable.packager === 'transcode') return true
  if (!(await streams.opensNow(playable))) return false
  const window = plan.window ?? { startS: 0, endS: plan.lengthS }
  return (await streams.clipCost({ ...playable, window }, signal)).copiedS === 0
}

/** True for a whole film of which the sound alone is converted. */
const isPictureKept = ({ plan, playable }: Making): boolean =>
  plan.maxBytes === null &&
  plan.window === null &&
  plan.sound !== null &&
  playable.packager === 'transcode' &&
  isPictureCopied(playable)

/** Rates differ along a film: what is probably too large is not tried. */
const LIKELY = 1.2

/** About how many bytes a part has in its file. */
export const copiedBytes = ({ identity, media }: Playable, { lengthS }: ExportPlan): number =>
  identity.bytes * Math.min(1, lengthS / Math.max(media.durationS, 0.1))

async function sourceOf(tools: Tools, { plan, playable, folder, signal }: Making): Promise<ExportSource> {
  const look = await readSourceLook(tools, playable, signal)
  if (look.hdr) await keepToneTable(folder, look.hdr)
  return {
    playable,
    plan: planTranscode(plan.window ? { ...playable, window: plan.window } : playable),
    look,
    sound: plan.sound?.at ?? null,
  }
}

async function encoded(deps: MakeDeps, making: Making, source: ExportSource): Promise<MadeExport> {
  const { tools } = deps
  const { plan, folder, progress } = making
  const { format, encoder } = plan
  const target = `export.${format}`
  const path = join(folder, target)
  const run = (args: readonly string[], hears = progress, file: string | null = target): Promise<number> =>
    runExport(tools, {
      ...{ args, folder, target: file, signal: making.signal, progress: hears },
      lengthS: plan.lengthS,
      isPictured: format !== 'm4a' && format !== 'mp3',
    })

  if (isAnimation(format)) {
    const bytes = await run(animationArguments(tools, source, { format, encoder }, target))
    return { path, bytes, isConverted: true }
  }
  if (format !== 'mp4') {
    const isCopied = plan.sound?.track.codec === (format === 'm4a' ? 'aac' : 'mp3')
    const bytes = await run(soundArguments(source, { format, encoder, isCopied }, target))
    return { path, bytes, isConverted: !isCopied }
  }
  const picture = source.plan.picture
  if (!picture) throw new Error('a film without a picture was planned')
  if (plan.maxBytes !== null) {
    return { path, bytes: await fitted(tools, making, source, picture, run), isConverted: true }
  }
  return { path, bytes: await run(keptPictureArguments(source, target)), isConverted: true }
}

/** Encodes in two passes, and the second again with less when it came out too large. */
async function fitted(
  tools: Tools,
  { plan, progress }: Making,
  source: ExportSource,
  picture: PicturePlan,
  run: (args: readonly string[], hears: Making['progress'], file?: string | null) => Promise<number>,
): Promise<number> {
  const maxBytes = plan.maxBytes ?? 0
  const fit = planFit({ maxBytes, ...fitOf(plan, picture) })
  if (!fit) throw tooSmall(plan, picture)
  const { width, height, frameRate, audioBps, channels } = fit
  const argsOf = (videoBps: number, pass: 1 | 2, target: string): string[] =>
    filmArguments(tools, source, { width, height, frameRate, audioBps, channels, videoBps, pass }, target)
  let { videoBps } = fit
  await run(argsOf(videoBps, 1, '-'), (done) => progress(done * FIRST_PASS_SHARE), null)
  for (let attempt = 0; attempt < FIT_ATTEMPTS; attempt++) {
    const bytes = await run(argsOf(videoBps, 2, 'export.mp4'), (done) =>
      progress(FIRST_PASS_SHARE + done * (1 - FIRST_PASS_SHARE)),
    )
    if (bytes <= maxBytes) return bytes
    videoBps = Math.round(videoBps * (maxBytes / bytes) * AGAIN_FACTOR)
  }
  throw tooSmall(plan, picture)
}

const fitOf = (
  { lengthS, sound, maxSide }: ExportPlan,
  { width, height, frameRate }: PicturePlan,
): Omit<FitRequest, 'maxBytes'> => ({
  ...{ lengthS, picture: { ...bounded({ width, height }, maxSide), frameRate } },
  hasSound: sound !== null,
})

/** Refuses a limit that no film of this length fits into. Throws AppError `bad_request`. */
export function checkFit(plan: ExportPlan, playable: Playable): void {
  const { picture } = planTranscode(plan.window ? { ...playable, window: plan.window } : playable)
  const { maxBytes } = plan
  if (maxBytes === null || !picture || planFit({ maxBytes, ...fitOf(plan, picture) })) return
  if (playable.packager !== 'transcode' && copiedBytes(playable, plan) <= maxBytes) return
  throw tooSmall(plan, picture)
}

function tooSmall(plan: ExportPlan, picture: PicturePlan): AppError {
  const kilobytes = Math.ceil(smallestFit(fitOf(plan, picture)) / 1000)
  return new AppError(
    'bad_request',
    `This does not fit: ${Math.round(plan.lengthS)} s of film take ${kilobytes} kB at least.`,
  )
}
