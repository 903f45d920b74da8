import { readFileSync } from 'node:fs'
import { createPlainClient, type PlainAnswer } from '../../src/main/server/plain-client.ts'
import { faultOf, mediaIn, trialsOf } from '../../src/main/server/share-trials.ts'
import { seeded } from '../../src/main/streaming/clips/testing-windows.ts'
import { pick } from '../mutations.ts'
import { apiMutant, shareMutant } from './mutants.ts'
import { abort, brokenRequests, dripSlowly, exchange, sayNothing } from './sockets.ts'
import { callApi, type Target, type Victim } from './victims.ts'

/** What an attack came to. */
export type Attacked = {
  requests: number
  /** Requests that got no answer: broken off, or nothing that HTTP can answer. */
  unanswered: number
  byStatus: Record<number, number>
  /** Answers that gave something away, or let somebody in. */
  leaks: string[]
  /** Answers of 500 and above. */
  failures: string[]
  /** What else must not be. */
  faults: string[]
  slow: { opened: number; hungUpOn: number }
  /** Memory of the engine once it was warm, and at the end, in MiB; null where that cannot be told. */
  memory: { warmMiB: number; endMiB: number } | null
}

export type AttackOptions = {
  target: Target
  victims: readonly Victim[]
  seed: number
  /** So many requests at least. */
  count: number
  /** Process of the engine, when it is ours. */
  pid?: number
  onPart?: (line: string) => void
}

const AT_ONCE = 8
const SLOW_CLIENTS = 60
const SILENT_CLIENTS = 300
const ABORTS = 200
/** Of the mutants, this share goes to the private listener. */
const TO_API = 0.25
/** Memory may be so much more at the end: what the collector of garbage leaves lying differs by tens of MiB. */
const FLAT_MIB = 96
/** The listeners give a header 10 s and look every 2 s. */
const SLOW_MS = 15_000

/** Attacks a Matinee from the outside, within bounds; throws an error only when its API cannot be used to begin with. */
export async function attack(options: AttackOptions): Promise<Attacked> {
  const { target, victims, seed, count, pid, onPart = () => undefined } = options
  const random = seeded(seed)
  const guests = createPlainClient(target.shareUrl, AT_ONCE)
  const strangers = createPlainClient(target.apiUrl, AT_ONCE)
  const secrets = [...new Set(victims.flatMap((it) => it.secrets))]
  const result: Attacked = {
    ...{ requests: 0, unanswered: 0, byStatus: {}, leaks: [], failures: [], faults: [], memory: null },
    slow: { opened: SLOW_CLIENTS, hungUpOn: 0 },
  }
  const note = ({ status }: PlainAnswer, what: string, leak: string | undefined): void => {
    result.requests += 1
    result.byStatus[status] = (result.byStatus[status] ?? 0) + 1
    if (status === 0) result.unanswered += 1
    if (status >= 500) result.failures.push(`${status}: ${what}`)
    if (leak !== undefined) result.leaks.push(`${leak}: ${what}`)
  }
  const toldIn = ({ text, headers }: PlainAnswer): string | undefined =>
    mediaIn(text) || secrets.some((it) => `${JSON.stringify(headers)}${text}`.includes(it))
      ? 'something was given away'
      : undefined

  const slow = dripSlowly(target.shareUrl, SLOW_CLIENTS)
  const startedMs = performance.now()
  try {
    const { paths } = await callApi<{ paths: object }>(target, 'GET', '/openapi.json')
    const apiPaths = Object.keys(paths)

    onPart('every address of every share, under every key that must not open it')
    const trials = victims.flatMap((victim) => trialsOf(victim).map((trial) => ({ trial, victim })))
    await together(trials, async ({ trial, victim }) => {
      const answer = await guests.ask(trial)
      const fault = faultOf(trial, answer, victim.secrets)
      note(answer, `${trial.attempt} ${trial.method} ${trial.path}`, fault)
    })
    const warmMiB = pid === undefined ? undefined : memoryOf(pid)

    onPart('connections that say nothing, break off, or are no HTTP')
    const silence = sayNothing(target.shareUrl, SILENT_CLIENTS, 3_000)
    const broken = victims.slice(0, 2).flatMap(({ id, bare }) =>
      [target.shareUrl, target.apiUrl].flatMap((base) => {
        const path =
          base === target.apiUrl ? `/v1/share/${id}` : `/stream/${bare === 200 ? `m1.${id}` : id}/main.m3u8`
        return brokenRequests(new URL(base).host, path).map((text) => ({ base, text }))
      }),
    )
    await together(broken, async ({ base, text }) => {
      const got = await exchange(base, text)
      const statuses = [...got.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map((it) => Number(it[1]))
      const what = JSON.stringify(text.slice(0, 120))
      for (const status of statuses.length > 0 ? statuses : [0]) {
        const answer = { status, headers: {}, text: got }
        note(answer, what, status < 300 && status >= 200 && !isPreflight(status) ? 'let in' : toldIn(answer))
      }
    })
    const open = victims.find((it) => it.bare === 200)
    const aborted = Array.from({ length: ABORTS }, (_, at) => at)
    await together(aborted, async (at) => {
      const id = pick(random, victims)?.id ?? ''
      const path = at % 2 === 0 && open ? `/download/${open.id}/film.mp4` : `/stream/${id}/0/0.m4s`
      await abort(target.shareUrl, path, at % 3 === 0)
      result.requests += 1
      result.unanswered += 1
    })
    await silence

    onPart('requests that a seed made of these')
    const closed = victims.filter((it) => it.bare !== 200)
    const left = Math.max(0, count - result.requests)
    await together(Array.from({ length: left }), async () => {
      const victim = pick(random, random() < 0.9 && closed.length > 0 ? closed : victims)
      if (!victim) return
      const isToApi = random() < TO_API
      const request = isToApi
        ? apiMutant(random, apiPaths, target.key, victim.id)
        : shareMutant(random, victim)
      const answer = await (isToApi ? strangers : guests).ask(request)
      const isLetIn = answer.status >= 200 && answer.status < 400 && !isPreflight(answer.status)
      const what = `${request.method} ${request.path} ${JSON.stringify(request.headers)}`
      note(answer, what, isLetIn ? `let in with ${answer.status}` : toldIn(answer))
    })

    const restMs = SLOW_MS - (performance.now() - startedMs)
    if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs))
    if (warmMiB !== undefined && pid !== undefined) {
      const endMiB = memoryOf(pid)
      if (endMiB !== undefined) result.memory = { warmMiB, endMiB }
      if (endMiB !== undefined && endMiB - warmMiB > FLAT_MIB)
        result.faults.push(`memory grew from ${warmMiB} to ${endMiB} MiB`)
    }
    result.faults.push(...(await stillServes(target, open)))
  } finally {
    result.slow.hungUpOn = slow.stop()
    guests.close()
    strangers.close()
  }
  if (result.slow.hungUpOn < SLOW_CLIENTS)
    result.faults.push(`${SLOW_CLIENTS - result.slow.hungUpOn} slow clients are still waited for`)
  return result
}

/** A preflight is answered the same for every address. */
const isPreflight = (status: number): boolean => status === 204

/** Does `work` for each, some at a time. */
async function together<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < items.length) await work(items[next++] as T)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

/** Whether those who may come in still can. */
async function stillServes(target: Target, open: Victim | undefined): Promise<string[]> {
  try {
    await callApi(target, 'GET', '/health')
    if (!open) return []
    const { status } = await fetch(`${target.shareUrl}/stream/${open.id}/0/0.m4s`)
    return status === 200 ? [] : [`the public share answers ${status}`]
  } catch (error) {
    return [`it does not answer any more: ${String(error)}`]
  }
}

/** Resident memory of a process by the system's own account, in MiB; undefined where there is none (not Linux). */
function memoryOf(pid: number): number | undefined {
  try {
    const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kib === undefined ? undefined : Math.round(Number(kib) / 1024)
  } catch {
    return undefined
  }
}
