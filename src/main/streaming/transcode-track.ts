import type { DiskCache } from '../base/disk-cache.ts'
import { AppError } from '../base/errors.ts'
import type { Lru } from '../base/lru.ts'
import type { Sample } from './fragment-writer.ts'
import { holdsConfiguration } from './joined-configuration.ts'
import type { Places } from './transcode-places.ts'
import type { RunListener } from './transcode-run.ts'
import {
  AHEAD,
  isUnasked,
  newRun,
  orLeave,
  Superseded,
  UNASKED,
  untilNear,
  URGENCY,
  urgencyOf,
  type Run,
} from './transcode-runs.ts'
import type { Turn, Turns } from './transcode-turns.ts'

/** What a track of a source is converted to, slot by slot. */
export interface TranscodeTrack {
  /** A slot, made now when it is not there. Throws what the encoder throws, the signal's reason on abort. */
  slot(index: number, signal: AbortSignal): Promise<Buffer>
  /** The encoder's `avcC`. */
  configuration(signal: AbortSignal): Promise<Buffer>
  /** Makes what is missing, at the lowest urgency. `progress` hears how many slots there are. */
  finish(signal: AbortSignal, progress: (made: number) => void): Promise<void>
}

type TrackDeps = {
  /** Start of all keys: content, window, track. */
  key: string
  count: number
  /** Runs an encoder from a slot to the end. */
  encode: (first: number, listener: RunListener, signal: AbortSignal) => Promise<void>
  slotOf: (sample: Sample) => number
  /** Bytes of a slot from its samples, in the order they came. */
  write: (index: number, samples: readonly Sample[], signal: AbortSignal) => Promise<Buffer>
  disk: DiskCache
  memory: Lru<Buffer>
  turns: Turns
  /** It is done beside other encoders. */
  isLight: boolean
  places: Places
  closing: AbortSignal
  /** An encoder that has its turn and gives no slot for so long hangs, in ms. */
  stallMs: number
}

/** Encoders of one track: two viewers at different places have one each. */
const RUNS_AT_ONCE = 2

/** Slots that an encoder makes before the one that is asked for; where they are more, one that begins there gives it earlier. */
const NEARER_THAN_A_START = 1

const ATTEMPTS = 3

/** Makes the conversion of one track. */
export function createTranscodeTrack(deps: TrackDeps): TranscodeTrack {
  const { count, disk, memory, turns, places } = deps
  const runs = new Set<Run>()
  const keyOf = (name: number | 'configuration'): string => `${deps.key}/${name}`

  const kept = async (name: number | 'configuration'): Promise<Buffer | null> =>
    memory.get(keyOf(name)) ?? (await disk.get(keyOf(name)))
  const keep = async (name: number | 'configuration', bytes: Buffer): Promise<void> => {
    memory.set(keyOf(name), bytes)
    await disk.put(keyOf(name), bytes)
  }

  const begin = (first: number, playhead: number): Run => {
    for (const it of runs) {
      if (isUnasked(it)) it.abort.abort(new Superseded('its configuration was all that was wanted'))
    }
    const viewers = [...runs].filter((it) => Number.isFinite(it.playhead))
    if (Number.isFinite(playhead) && viewers.length >= RUNS_AT_ONCE) {
      viewers.sort((a, b) => a.askedAt - b.askedAt)[0]?.abort.abort(new Superseded('others are more in need'))
    }
    const run = newRun(first, playhead)
    runs.add(run)
    run.ended = live(run).finally(() => runs.delete(run))
    run.ended.then(
      () => leave(run, new Superseded('the encoder has ended')),
      (error: unknown) => leave(run, error),
    )
    return run
  }
  const leave = (run: Run, why: unknown): void => {
    for (const it of run.waiting.values()) it.reject(why)
    run.configuration.reject(why)
  }

  const live = async (run: Run): Promise<void> => {
    const signal = AbortSignal.any([run.abort.signal, deps.closing])
    const tenant = {
      urgency: () => urgencyOf(run),
      askedAt: () => run.askedAt,
      isEncoding: () => run.isEncoding,
      end: () => run.abort.abort(new Superseded('others are more in need')),
    }
    try {
      const leavePlace = await places.take(tenant, signal)
      run.isAlive = true
      await work(run, signal).finally(leavePlace)
    } catch (error) {
      if (!(error instanceof Superseded)) throw error
    }
  }
  const work = async (run: Run, signal: AbortSignal): Promise<void> => {
    const encoding = { urgency: () => urgencyOf(run), isLight: deps.isLight }
    const takeTurn = async (): Promise<Turn> => {
      const giveBack = await turns.take(encoding, signal)
      run.isEncoding = true
      return () => {
        run.isEncoding = false
        giveBack()
      }
    }
    let turn = await takeTurn()
    let stall = startStall(run)
    let pending: Sample[] = []

    const finishSlots = async (before: number): Promise<void> => {
      while (run.next < before) {
        const index = run.next
        const samples = pending.filter((it) => deps.slotOf(it) === index)
        pending = pending.filter((it) => deps.slotOf(it) > index)
        const bytes = await deps.write(index, samples, signal)
        await keep(index, bytes)
        run.next = index + 1
        run.waiting.get(index)?.resolve(bytes)
        run.waiting.delete(index)
      }
    }
    /** Nobody takes what the encoder makes meanwhile, so it stands still. */
    const rest = async (until: () => Promise<void>): Promise<void> => {
      clearTimeout(stall)
      turn()
      await until()
      turn = await takeTurn()
      stall = startStall(run)
    }
    const giveWay = async (): Promise<void> => {
      // A pipe holds so much sound that it would be made all the same; the little that is lost is made again.
      if (deps.isLight && urgencyOf(run) === URGENCY.background) throw new Superseded('others come first')
      await rest(() => Promise.resolve())
    }
    const untilNeeded = async (): Promise<void> => {
      places.makeRoom()
      if (run.next < count && (await disk.has(keyOf(run.next))))
        throw new Superseded('the rest is there already')
      await untilNear(run, signal)
    }
    try {
      await deps.encode(
        run.first,
        {
          isPatient: urgencyOf(run) === URGENCY.background,
          async configuration(bytes) {
            const known = await kept('configuration')
            if (!known) await keep('configuration', bytes)
            else if (!holdsConfiguration(known, bytes)) {
              throw new AppError('unsupported_media', 'ffmpeg does not convert this file the same way twice.')
            }
            run.configuration.resolve(known ?? bytes)
          },
          async samples(samples) {
            pending.push(...samples.filter((it) => deps.slotOf(it) >= run.next))
            const newest = Math.max(...samples.map(deps.slotOf))
            const made = run.next
            // Who knows what else belongs to the last one comes at the end of the file.
            await finishSlots(Math.min(newest, count - 1))
            if (run.next > made) await rest(untilNeeded)
            else if (turns.isWanted(encoding)) await giveWay()
          },
        },
        signal,
      )
      // The file ends here, wherever its head said that it would.
      if (run.first === 0 && run.next === 0 && pending.length === 0) {
        throw new AppError('unsupported_media', 'ffmpeg found nothing to convert in this file.')
      }
      await finishSlots(count)
    } finally {
      clearTimeout(stall)
      turn()
    }
  }

  const startStall = (run: Run): NodeJS.Timeout =>
    setTimeout(
      () => run.abort.abort(new AppError('unsupported_media', 'Converting this file got stuck.')),
      deps.stallMs,
    )

  /** The encoder whose next slot is so near to a slot: in slots that are missing up to it, and that are made behind it. */
  const atWork = (index: number, missing: number, made = 0): Run | undefined =>
    [...runs].find((it) => !it.abort.signal.aborted && it.next <= index + made && index <= it.next + missing)

  /** Moves the encoder that a viewer at `index` is near to. */
  const approach = (index: number, isThere: boolean): Run | undefined => {
    const near = isThere ? atWork(index, AHEAD, AHEAD) : atWork(index, NEARER_THAN_A_START)
    if (!near) return undefined
    near.askedAt = performance.now()
    near.playhead = Math.max(near.playhead, index)
    near.poke()
    return near
  }

  const attempts = async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    for (let failures = 0; ;) {
      try {
        return await work()
      } catch (error) {
        signal.throwIfAborted()
        deps.closing.throwIfAborted()
        if (!(error instanceof Superseded) && ++failures === ATTEMPTS) throw error
      }
    }
  }

  /** Waits for something of a run. One that never began and that nobody waits for any more does not begin. */
  const ask = async <T>(run: Run, what: Promise<T>, signal: AbortSignal): Promise<T> => {
    run.callers += 1
    try {
      return await orLeave(what, signal)
    } finally {
      run.callers -= 1
      if (run.callers === 0 && !run.isAlive && Number.isFinite(run.playhead)) {
        run.abort.abort(new Superseded('nobody waits for it any more'))
      }
      places.makeRoom()
    }
  }

  return {
    slot: (index, signal) =>
      attempts(signal, async () => {
        const found = await kept(index)
        signal.throwIfAborted()
        // Made while the disk was asked.
        const bytes = found ?? memory.get(keyOf(index))
        if (bytes) {
          approach(index, true)
          return bytes
        }
        const run = approach(index, false) ?? begin(index, index)
        const waiting = run.waiting.get(index) ?? Promise.withResolvers<Buffer>()
        waiting.promise.catch(() => undefined)
        run.waiting.set(index, waiting)
        return ask(run, waiting.promise, signal)
      }),
    configuration: (signal) =>
      attempts(signal, async () => {
        const bytes = await kept('configuration')
        if (bytes) return bytes
        const run = [...runs].find((it) => !it.abort.signal.aborted) ?? begin(0, UNASKED)
        return ask(run, run.configuration.promise, signal)
      }),
    async finish(signal, progress) {
      for (let index = 0, failures = 0; index < count;) {
        signal.throwIfAborted()
        if (await disk.has(keyOf(index))) {
          progress(++index)
          continue
        }
        const run = atWork(index, AHEAD) ?? begin(index, Infinity)
        run.playhead = Infinity
        run.poke()
        const onAbort = (): void => {
          if (run.callers === 0) run.abort.abort(signal.reason)
          else run.playhead = run.next
        }
        signal.addEventListener('abort', onAbort, { once: true })
        const report = setInterval(() => progress(run.next), PROGRESS_MS)
        try {
          await run.ended
        } catch (error) {
          signal.throwIfAborted()
          if (run.next === index && ++failures === ATTEMPTS) throw error
        } finally {
          clearInterval(report)
          signal.removeEventListener('abort', onAbort)
        }
        if (run.next === index) continue
        if (!(await disk.has(keyOf(run.next - 1)))) {
          throw new AppError('disk_full', 'There is not enough room in the data folder to convert this file.')
        }
        failures = 0
        index = run.next
      }
    },
  }
}

const PROGRESS_MS = 500
