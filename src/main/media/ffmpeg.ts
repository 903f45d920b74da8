import createCommand, { type FfmpegCommand } from 'fluent-ffmpeg'
import { AppError } from '../base/errors.ts'
import { measureFolder } from '../base/folder-files.ts'
import { run, RunError, type RunOptions } from '../base/spawn.ts'
import { isDemuxer } from './demuxers.ts'
import type { Tools } from './tools.ts'

/**
 * A source for ffmpeg: its absolute path, and the demuxer that our own sniffing chose for it. `path` null: what the run
 * gets as its `input`.
 */
export type FfmpegInput = { path: string | null; demuxer: string }

/** One output of a command: its options, one argument each, and its absolute path or `-` for stdout. */
export type FfmpegOutput = { options: readonly string[]; target: string }

/** Lower priority of everything made behind the scenes. */
const NICE = 10

/**
 * The static builds of npm die of SIGSEGV at the service name of a transport stream: glibc loads the system's character
 * set modules into them, which are of another version. With a path of our own it does not look for its cache of them.
 */
const ENVIRONMENT = { GCONV_PATH: '/nonexistent' }

/** A picture of more is refused before memory is taken for it: no screen shows it (S54). */
export const MAX_PIXELS = 8192 * 8192

/** Bytes of one piece of memory: the largest picture in the widest format; a table of a film needs less (S54). */
const MAX_BLOCK_BYTES = 512 * 1024 * 1024

/**
 * What stands before every input. The protocol list alone still lets a playlist or concat list in disguise copy
 * another local file, so the demuxer is ours, not guessed, and no other may be opened (measured; ffmpeg-formats
 * "format_whitelist").
 */
function safeInput({ demuxer }: FfmpegInput): string[] {
  if (!isDemuxer(demuxer)) throw new Error(`${demuxer} is no demuxer that a source may be given to`)
  return [
    ...['-max_alloc', String(MAX_BLOCK_BYTES), '-max_pixels', String(MAX_PIXELS)],
    ...['-protocol_whitelist', 'file,pipe', '-format_whitelist', demuxer, '-f', demuxer],
  ]
}

/** The prefix makes any name a path: without it `a:b.mp4` is a protocol and `http:x.mp4` is looked up in the net. */
const urlOf = (path: string | null): string => (path === null ? 'pipe:0' : `file:${path}`)

/**
 * Composes the arguments of an ffmpeg run over one source, to one output or to several of one decoding. `inputOptions`
 * stand before the source, such as `-ss`.
 */
export function composeFfmpeg(
  input: FfmpegInput,
  outputs: FfmpegOutput | readonly FfmpegOutput[],
  inputOptions: readonly string[] = [],
): string[] {
  // Options are spread: in a list given as one array, fluent-ffmpeg tears an element apart at its space.
  const command = createCommand()
    .input(urlOf(input.path))
    .inputOptions(
      ...(input.path === null ? [] : ['-nostdin']),
      ...['-hide_banner', ...inputOptions, ...safeInput(input)],
    )
  for (const { target, options } of [outputs].flat()) command.output(target).outputOptions(...options)
  return argumentsOf(command)
}

/** fluent-ffmpeg composes; its own `run` cannot kill a process group, so ours runs what it composed. */
const argumentsOf = (command: FfmpegCommand): string[] =>
  (command as FfmpegCommand & { _getArguments: () => string[] })._getArguments()

/** What a run of ffmpeg may use beside the time and the output that every program is held to. */
export type FfmpegLimits = {
  /** Processor time of all its threads, in seconds. Default: what two cores have in the wall time. */
  cpuS?: number
  /** Most bytes of all files in `cwd`. ffmpeg's own `-fs` would end a file early and call it whole. */
  maxFolderBytes?: number
}

const CORES = 2

/**
 * Runs ffmpeg over one source, at low priority or the lower one of `options`; resolves to its stdout. Throws AppError `unsupported_media` when
 * ffmpeg refuses the file or uses more than it may, `disk_full` when there is no room for its output, the signal's reason on abort.
 */
export async function runFfmpeg(
  tools: Pick<Tools, 'ffmpeg'>,
  args: readonly string[],
  { cpuS, maxFolderBytes, ...options }: RunOptions & FfmpegLimits,
): Promise<Buffer> {
  const watch = watchFolder(options, maxFolderBytes)
  // RLIMIT_CPU, set by ffmpeg itself (opt_timelimit): SIGXCPU, a second later SIGKILL. Windows has none, and is left
  // the wall time.
  const limit = ['-timelimit', String(Math.ceil(cpuS ?? (CORES * options.timeoutMs) / 1000))]
  try {
    const runOptions = { env: ENVIRONMENT, nice: NICE, ...options, ...watch.options }
    return (await run(tools.ffmpeg.path, [...limit, ...args], runOptions)).stdout
  } catch (error) {
    throw asAppError(error, 'ffmpeg cannot read this file.')
  } finally {
    watch.end()
  }
}

const WATCH_MS = 500

/** Aborts a run whose folder grows over the limit. */
function watchFolder(
  { cwd, signal }: Pick<RunOptions, 'cwd' | 'signal'>,
  maxBytes: number | undefined,
): { options: Pick<RunOptions, 'signal'>; end: () => void } {
  if (cwd === undefined || maxBytes === undefined) return { options: {}, end: () => undefined }
  const over = new AbortController()
  const timer = setInterval(() => {
    void measureFolder(cwd).then(({ bytes }) => {
      if (bytes > maxBytes) over.abort(new RunError('ffmpeg wrote too much', null, ''))
    })
  }, WATCH_MS)
  return {
    options: { signal: signal ? AbortSignal.any([signal, over.signal]) : over.signal },
    end: () => clearInterval(timer),
  }
}

/** A stream as `ffprobe -show_streams` tells it; only what we use. */
export type ProbedStream = {
  index: number
  codec_type?: string
  codec_name?: string
  pix_fmt?: string
  width?: number
  height?: number
  sample_aspect_ratio?: string
  avg_frame_rate?: string
  sample_rate?: string
  channels?: number
  bits_per_raw_sample?: string
  color_range?: string
  color_space?: string
  color_primaries?: string
  color_transfer?: string
  disposition?: { attached_pic?: number; default?: number; comment?: number; forced?: number }
  tags?: Record<string, string>
  side_data_list?: { rotation?: number }[]
}

/** A chapter as `ffprobe -show_chapters` tells it; times in seconds. */
export type ProbedChapter = { start_time?: string; end_time?: string; tags?: Record<string, string> }

/** What `ffprobe -show_format -show_streams -show_packets` tells of a file and its first packet. */
export type Probed = {
  packets?: unknown[]
  streams?: ProbedStream[]
  chapters?: ProbedChapter[]
  format?: { start_time?: string; duration?: string; bit_rate?: string; tags?: Record<string, string> }
}

/** Wall time for ffprobe; a hostile file must not hold a place for long. */
const PROBE_TIMEOUT_MS = 30_000

/**
 * Asks ffprobe for the streams, the format and the first packet of a file. Throws AppError `unsupported_media`, the signal's reason on
 * abort.
 */
export async function ffprobe(
  tools: Pick<Tools, 'ffprobe'>,
  input: FfmpegInput,
  signal: AbortSignal,
): Promise<Probed> {
  const args = [
    ...['-v', 'error', '-hide_banner', '-print_format', 'json', '-show_format', '-show_streams'],
    '-show_chapters',
    ...['-show_packets', '-read_intervals', '%+#1'],
    ...safeInput(input),
    ...['-i', urlOf(input.path)],
  ]
  try {
    const { stdout } = await run(tools.ffprobe.path, args, {
      signal,
      timeoutMs: PROBE_TIMEOUT_MS,
      nice: NICE,
      env: ENVIRONMENT,
    })
    return JSON.parse(stdout.toString('utf8')) as Probed
  } catch (error) {
    throw asAppError(error, 'This file cannot be read.')
  }
}

/** A program's bad end, or an answer that is no JSON, is the file's fault. */
function asAppError(error: unknown, message: string): unknown {
  if (error instanceof RunError && error.stderr.includes('No space left on device')) {
    return new AppError('disk_full', 'The disk is full.', { cause: error })
  }
  return error instanceof RunError || error instanceof SyntaxError
    ? new AppError('unsupported_media', message, { cause: error })
    : error
}
