import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Health } from '../shared/api/system.ts'
import type { EngineEvent } from '../shared/events.ts'
import { createAuth, guestsOf } from './auth/auth.ts'
import { writeFileAtomic } from './base/atomic-file.ts'
import { createEmitter } from './base/emitter.ts'
import { AppError } from './base/errors.ts'
import { createLog } from './base/log.ts'
import { readOrCreateSecret } from './base/secret-file.ts'
import type { EngineConfig } from './config.ts'
import { createJobQueue } from './jobs/queue.ts'
import { createLibrary } from './library/library.ts'
import { createSegments } from './library/segments.ts'
import { createStorageKeeper, KEPT } from './library/storage.ts'
import { decodingOf } from './media/decoding.ts'
import { createStills } from './media/stills.ts'
import { createSideCarSearch } from './media/side-cars.ts'
import { createThumbnails } from './media/thumbnails.ts'
import { resolveTools } from './media/tools.ts'
import type { Deps } from './server/deps.ts'
import { listen } from './server/listen.ts'
import { buildPrivateServer } from './server/private-server.ts'
import { shareSource } from './server/share-source.ts'
import { buildShareServer } from './server/share-server.ts'
import { createEmbedding } from './shares/embedding.ts'
import { createKeptCopies } from './shares/kept-copies.ts'
import type { Base } from './shares/share-view.ts'
import { createShares } from './shares/shares.ts'
import { lockDataFolder } from './store/lock.ts'
import { openStore } from './store/store.ts'
import { choosePackager } from './streaming/packagers.ts'
import { createAround } from './streaming/around.ts'
import { createClipFiles } from './streaming/clip-files.ts'
import { createPackagedStore } from './streaming/packaged-store.ts'
import { createPreparing } from './streaming/preparing.ts'
import { examinationOf } from './streaming/examine-film.ts'
import { createCardFilms } from './streaming/exports/card-films.ts'
import { createExports } from './streaming/exports/exports.ts'
import { createReaders } from './streaming/readers.ts'
import { createStreams } from './streaming/streams.ts'
import { ENCODERS_AT_ONCE } from './streaming/transcode-turns.ts'
import { writeFilm } from './streaming/write-film.ts'
import { VERSION } from './version.ts'

/** A running Matinee. */
export interface Engine {
  /** Base URL of the private listener; the API is below `/v1`. */
  readonly apiUrl: string
  /** Base URL of the share listener. */
  readonly shareUrl: string
  readonly dataDir: string
  /** What its owner should know and can do something about, one sentence each. */
  readonly warnings: readonly string[]
  /** An address that opens the file manager signed in, good for one use. */
  managerUrl(): string
  /** Ends everything in the reverse order of its start. May be called twice. */
  stop(): Promise<void>
}

/** The one from npm is the last resort: it reads most files, but not all. */
const OLD_FFMPEG =
  'Only an old ffmpeg was found; some files may not be readable. Install a current ffmpeg, or set FFMPEG_PATH.'

type Stop = () => Promise<void> | void

/**
 * Starts the engine: takes the data folder, opens the store, starts the services and the two listeners. Throws
 * AppError: `conflict` (data folder or port in use), `database_too_new`, `internal` (no ffmpeg). Whatever had been
 * started is stopped again then.
 */
export async function startEngine(config: EngineConfig): Promise<Engine> {
  const stops: Stop[] = []
  let stopping: Promise<void> | undefined
  const stop = (): Promise<void> => (stopping ??= runAll(stops))
  try {
    return await assemble(config, stops, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

async function assemble(config: EngineConfig, stops: Stop[], stop: () => Promise<void>): Promise<Engine> {
  const onStop = <T>(it: T, end: (it: T) => Promise<void> | void): T => {
    stops.unshift(() => end(it))
    return it
  }
  const within = (...parts: string[]): string => join(config.dataDir, ...parts)
  const startedAt = Date.now()

  const releaseLock = lockDataFolder(config.dataDir)
  onStop(releaseLock, (release) => release())
  const log = createLog({ file: within('logs', 'matinee.log'), level: config.logLevel })
  const readers = onStop(createReaders(), (it) => it.close())
  // Its thread starts while this one is busy with the rest: the first file need not wait for it.
  readers.warm()
  const tools = await resolveTools(config.env)
  const canDecode = decodingOf(tools.decodable)
  const store = onStop(openStore(within('matinee.db')), (it) => it.close())
  const secret = Buffer.from(await readOrCreateSecret(within('secret')), 'base64url')
  const apiKey = await readOrCreateSecret(within('api-key'))
  const events = createEmitter<EngineEvent>((error) => log.error({ err: error }, 'a listener failed'))
  const emit = (event: EngineEvent): void => events.emit(event)
  const jobs = onStop(
    createJobQueue({
      limits: {
        ...{ ingest: 4, scan: 1, package: 1, transcode: ENCODERS_AT_ONCE },
        ...{ segments: 1, export: 2, keep: 1 },
      },
      onChange: (job) => emit({ type: 'job.updated', job }),
    }),
    (it) => it.close(),
  )

  const closing = onStop(new AbortController(), (it) => {
    it.abort(new AppError('busy', 'Matinee is stopping.'))
  })
  // Ports are known once the listeners listen; nothing asks for these addresses before.
  const urls = { api: '', share: '' }
  const bases = (): [Base, ...Base[]] => {
    const loopback: Base = { reach: 'loopback', url: urls.share }
    return config.publicUrl ? [{ reach: 'domain', url: config.publicUrl }, loopback] : [loopback]
  }
  const auth = createAuth({
    ...{ store, emit, bases },
    apiKeys: [apiKey, ...(config.apiKey ? [config.apiKey] : [])],
  })
  const around = onStop(createAround({ tools, log, dir: within('cache', 'around') }), (it) => it.close())
  const thumbnails = createThumbnails({ tools, dir: within('cache', 'pictures') })
  const stills = createStills({ tools, dir: within('cache', 'stills') })
  const packaged = createPackagedStore(within('packaged'), new Set([KEPT]))
  const library = onStop(
    createLibrary({
      store,
      jobs,
      tools,
      dataDir: config.dataDir,
      log,
      maxUploadBytes: config.maxUploadBytes,
      emit(event) {
        emit(event)
        if (event.type === 'file.updated') shares.fileChanged(event.file.id)
        if (event.type === 'share.deleted') shares.forgotten(event.id)
      },
      onSettled: (fileId) => shares.fileSettled(fileId),
      ...{ thumbnails, stills },
      around: {
        subtitles: (film) => around.subtitles(film),
        async remove(fingerprint) {
          await around.remove(fingerprint)
          await cardFilms.remove(fingerprint)
        },
      },
      packaged,
      privateUrl: () => urls.api,
      look: (file, signal) => readers.look({ ...file, tools }, signal),
      buildMediaIndex: (request, signal) => readers.index(request, signal),
      choosePackager: (media, index) => choosePackager(media, index, canDecode),
      canDecode,
    }),
    (it) => it.close(),
  )
  const streams = onStop(
    createStreams({
      ...{
        tools,
        log,
        packagedDir: within('packaged'),
        onWatched: (fingerprint) => packaged.note(fingerprint),
      },
      clipsDir: within('cache', 'clips'),
      transcodedDir: within('cache', 'transcoded'),
      ...{ encoderStallMs: config.encoderStallMs, hardwareEncoding: config.hardwareEncoding ?? false },
    }),
    (it) => it.close(),
  )
  const clipFiles = onStop(createClipFiles({ streams, dir: within('cache', 'clips', 'files') }), (it) =>
    it.close(),
  )
  const cardFilms = onStop(createCardFilms({ tools, streams, log, dir: within('cache', 'cards') }), (it) =>
    it.close(),
  )
  const exports = onStop(
    createExports({
      ...{ tools, streams, jobs, log, dir: within('cache', 'exports') },
      playable: (fileId) => library.playable(fileId),
    }),
    (it) => it.close(),
  )
  const segments = onStop(
    createSegments({
      ...{ store, jobs, tools, emit, log },
      sourceFile: (fileId) => library.sourceFile(fileId),
      privateUrl: () => urls.api,
      onRenamed: (segmentId) => shares.segmentChanged(segmentId),
    }),
    (it) => it.close(),
  )
  const prepare = createPreparing({
    ...{ jobs, streams },
    playable: (fileId, window) => library.playable(fileId, window),
    nameOf: (fileId) => library.get(fileId).filename,
  })
  const copies = createKeptCopies({
    ...{ store, jobs, log, thumbnails, stills, dir: within('packaged', KEPT), closing: closing.signal },
    playable: (fileId, window) => library.playable(fileId, window),
    nameOf: (fileId) => library.get(fileId).filename,
    writeFilm: (...film) => writeFilm(streams, ...film),
    prepare: (playable, signal) => streams.prepare(playable, signal, () => undefined),
    examine: examinationOf({ tools, readers, canDecode }),
    findSideCars: createSideCarSearch(),
  })
  const source = shareSource({ library, copies })
  const shares = onStop(
    createShares({
      store,
      secret,
      emit,
      log,
      bases,
      checkSource: (fileId) => library.playable(fileId),
      subtitles: (film) => around.subtitles(film),
      isReady: async (fileId, window) => streams.isReady(await library.playable(fileId, window)),
      ...{ prepare, canDecode, copies, guests: guestsOf(auth) },
      cardFilms: {
        find: async (opened) => cardFilms.find(await source.playable(opened)),
        make: async (opened, signal) => cardFilms.make(await source.playable(opened), signal),
      },
    }),
    (it) => it.close(),
  )

  const health = (): Omit<Health, 'uploads'> => ({
    status: 'ok',
    version: VERSION,
    node: process.version,
    ffmpeg: { version: tools.ffmpeg.version, source: tools.ffmpeg.source, outdated: tools.ffmpeg.outdated },
    share_url: urls.share,
    ...(config.publicUrl ? { public_url: config.publicUrl } : {}),
    uptime_seconds: (Date.now() - startedAt) / 1000,
  })
  const deps: Deps = {
    ...{ log, library, segments, shares, streams, around, clipFiles, exports, jobs, events, health },
    ...auth,
    ...{
      copies,
      embedding: createEmbedding(store),
      storage: createStorageKeeper({
        store,
        dataDir: config.dataDir,
        isWatched: (it) => packaged.isWatched(it),
      }),
    },
    prepare: (fileId) => prepare({ fileId, window: null }, new AbortController().signal, () => undefined),
    rendererDir: config.rendererDir,
  }
  const privateServer = onStop(buildPrivateServer(deps), (it) => it.close())
  const shareServer = onStop(buildShareServer(deps), (it) => it.close())
  urls.api = await listen(privateServer, config.port, '--port')
  urls.share = await listen(shareServer, config.sharePort, '--share-port')

  const endpoint = { pid: process.pid, api_url: urls.api, share_url: urls.share, version: VERSION }
  await writeFileAtomic(within('endpoint.json'), `${JSON.stringify(endpoint, null, 2)}\n`, { mode: 0o600 })
  onStop(within('endpoint.json'), (file) => rm(file, { force: true }))

  await copies.start()
  await packaged.removeUnknown((it) => store.files.hasCopy(it) || store.keptCopies.isContentKept(it))
  library.start()
  for (const path of config.libraries) await addToLibrary(library, path)
  segments.start()
  shares.start()
  const warnings = [...tools.warnings, ...(tools.ffmpeg.outdated ? [OLD_FFMPEG] : [])]
  for (const warning of warnings) log.info(warning)
  log.info({ ...endpoint, ffmpeg: tools.ffmpeg.path }, 'started')
  return {
    apiUrl: urls.api,
    shareUrl: urls.share,
    dataDir: config.dataDir,
    warnings,
    managerUrl: () => `${urls.api}/?launch=${auth.owner.mintLaunchToken()}`,
    stop,
  }
}

/** Has `path` as a folder of the library; one that is there already is fine. */
async function addToLibrary(library: { addFolder(body: { path: string }): Promise<unknown> }, path: string) {
  try {
    await library.addFolder({ path })
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'conflict')) throw error
  }
}

async function runAll(stops: readonly Stop[]): Promise<void> {
  for (const stop of stops) await stop()
}
