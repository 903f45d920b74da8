import { parseArgs } from 'node:util'
import { attackOwn, faultsIn } from './attack/own.ts'
import { attack, type Attacked } from './attack/run.ts'
import { findVictims } from './attack/victims.ts'
import { buildIfStale } from './build.mjs'
import { makeTestMedia } from './make-media.ts'

/**
 * npm run attack [-- --count N --seed N]: starts a Matinee of its own, shares films in it in every way, and tries to get
 * at what is not public: at least 12 000 requests, the same ones for the same seed. Ends with 1 when anything was given
 * away, failed, or grew.
 *
 * With `--url SHARE_URL --api API_URL --key KEY` it attacks one that runs already, and whose owner you are: its shares,
 * or those named by `--share ID`; `--secret TEXT` (the file `secret` of its data folder) lets it sign keys that have run
 * out. Nothing is made or changed there.
 */
/** With one it did not hold; so many show in what way. */
const MOST_TOLD = 20

const { values } = parseArgs({
  options: {
    ...{ count: { type: 'string', default: '12000' }, seed: { type: 'string' } },
    ...{ url: { type: 'string' }, api: { type: 'string' }, key: { type: 'string' } },
    ...{ secret: { type: 'string' }, share: { type: 'string', multiple: true, default: [] } },
  },
})
const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : Number(values.seed)
const options = { seed, count: Number(values.count), onPart: (line: string) => console.log(`${line} …`) }
console.log(`seed ${seed}`)

async function attackRunning(url: string): Promise<Attacked> {
  const { api, key, secret } = values
  if (api === undefined || key === undefined) {
    console.error('With --url, --api and --key are needed: the private listener and a key of its API.')
    process.exit(2)
  }
  const target = { shareUrl: url, apiUrl: api, key, secret: secret ? Buffer.from(secret, 'base64url') : null }
  const victims = await findVictims(target, values.share)
  if (victims.length === 0) {
    console.error('There is no share to be tried.')
    process.exit(2)
  }
  return attack({ ...options, target, victims })
}

async function attackNew(): Promise<Attacked> {
  await makeTestMedia()
  await buildIfStale(process.execPath)
  return attackOwn(options)
}

const result = await (values.url === undefined ? attackNew() : attackRunning(values.url))
const { requests, unanswered, byStatus, leaks, failures, slow, memory } = result
console.log(`\n${requests} requests, ${unanswered} of them broken off or unanswerable`)
console.log(
  Object.entries(byStatus)
    .map(([status, times]) => `${status === '0' ? 'none' : status}: ${times}`)
    .join('  '),
)
console.log(`leaks: ${leaks.length}\nanswers of 500 and above: ${failures.length}`)
console.log(`slow clients hung up on: ${slow.hungUpOn} of ${slow.opened}`)
if (memory) console.log(`memory: ${memory.warmMiB} MiB warm, ${memory.endMiB} MiB at the end`)
const faults = faultsIn(result)
for (const it of faults.slice(0, MOST_TOLD)) console.error(it)
if (faults.length > MOST_TOLD) console.error(`… and ${faults.length - MOST_TOLD} more`)
console.log(faults.length === 0 ? 'It held.' : 'It did not hold.')
process.exitCode = faults.length === 0 ? 0 : 1
