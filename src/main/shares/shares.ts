import { randomUUID } from 'node:crypto'
import type { ListOf } from '../../shared/api/common.ts'
import type { Failure } from '../../shared/api/error.ts'
import type { CreateShare, GetShare, ListShares, Share, UpdateShare } from '../../shared/api/share.ts'
import { dateRange } from '../base/dates.ts'
import { AppError } from '../base/errors.ts'
import type { StoredShare } from '../store/shares.ts'
import type { SharesDeps } from './deps.ts'
import { needsPass, type Pass } from './access.ts'
import { createCards, type Cards } from './cards.ts'
import { createDoor } from './door.ts'
import { createCardLinks, createLinks } from './links.ts'
import type { OpenedShare } from './opened-share.ts'
import { createReadiness } from './readiness.ts'
import { checkChanges, checkCreation, checkFile, MAX_UNDO_MS } from './rules.ts'
import { createShareViews } from './share-views.ts'
import type { Purpose } from './token.ts'
import { trialKeys, type TrialKey } from './trial-keys.ts'
import { createViews } from './views.ts'
import { createVisits, type Visits } from './visits.ts'

/** Links to files. Ids that are unknown or malformed throw AppError `not_found`. */
export interface Shares extends Visits, Cards {
  create(body: CreateShare): Promise<Share>
  get(id: string, query: GetShare): Share
  list(query: ListShares): ListOf<Share>
  update(id: string, body: UpdateShare): Promise<Share>
  remove(id: string): void
  /** Brings back what was deleted within 30 s. Throws `not_found` later, `conflict` when the pair was taken. */
  restore(id: string): Share

  /**
   * Opens a share by what a URL carries: a signed token, or the bare id of a public one. The one door to bytes and
   * metadata of a share; throws as `createDoor` says. `passes` is what a visitor of the page has earned.
   */
  open(token: string, purpose: Purpose, passes?: readonly Pass[]): OpenedShare
  /** Keys that must not open it: for trying its gate from outside. */
  trialKeys(id: string, purpose: Purpose): TrialKey[]
  /** Tells shares that a file finished (or failed) being read: pending ones go on. */
  fileSettled(fileId: string): void
  /** Tells shares that one of them went with its file. */
  forgotten(shareId: string): void
  /** Tells shares that facts of a file which they show have changed. */
  fileChanged(fileId: string): void
  /** Tells shares of a segment that its name may be another one. */
  segmentChanged(segmentId: string): void
  /** Takes up preparing that a stop interrupted. */
  start(): void
  close(): void
}

/** How often deleted shares whose time for an undo has passed are forgotten. */
const PURGE_EVERY_MS = 10_000

/** Makes the service of shares over the store. */
export function createShares(deps: SharesDeps): Shares {
  const { store, emit, log, bases, copies, guests, now = () => Date.now() } = deps
  const views = createShareViews({
    ...{ store, bases, linksOf: createLinks({ secret: deps.secret, now }) },
    cardLinksOf: createCardLinks(deps.secret),
    progressOf: (id) => readiness.progressOf(id),
    copyOf: (key) => copies.find(key),
    canDecode: deps.canDecode,
  })
  const view = (share: StoredShare, query?: GetShare): Share => views.view(share, query)

  const door = createDoor({
    ...{ secret: deps.secret, now },
    read: (id) => store.shares.byId(id),
    windowOf: (share) => views.windowOf(share),
    passOf: guests.passOf,
  })
  const open: Shares['open'] = (token, purpose, passes) => {
    const { share, window } = door(token, purpose, passes)
    return {
      fileId: share.fileId,
      guarded: needsPass(share),
      window,
      copy: share.keptKey === null ? null : { key: share.keptKey, own: views.windowOf(share) },
      get share() {
        return view(share)
      },
    }
  }
  const living = (id: string): StoredShare => {
    const share = store.shares.byId(id)
    if (!share || share.deletedAt !== null) throw new AppError('not_found', 'There is no such share.')
    return share
  }
  const announce = (share: StoredShare): Share => {
    const shown = view(share)
    emit({ type: 'share.updated', share: shown })
    return shown
  }
  const keeper = createCards({ door, open, views, films: deps.cardFilms, log })
  const save = (share: StoredShare): Share => {
    store.shares.update(share)
    keeper.follow(share)
    return announce(share)
  }

  const readiness = createReadiness({
    isReady: deps.isReady,
    prepare: deps.prepare,
    async keep({ id }, wanted, signal, progress) {
      const keptKey = await copies.keep(wanted, signal, progress)
      const share = store.shares.byId(id)
      if (share) store.shares.update({ ...share, keptKey })
    },
    log,
    read: (id) => store.shares.byId(id),
    fileOf: (share) => views.fileOf(share),
    windowOf: (share) => views.windowOf(share),
    /** Status only goes forward: what has ended stays as it is. */
    move(id: string, status: Share['status'], failure: Failure | null) {
      const share = store.shares.byId(id)
      if (!share || share.status === 'completed' || share.status === 'failed') return
      if (share.deletedAt === null) save({ ...share, status, failure })
      else store.shares.update({ ...share, status, failure })
    },
    announce: (id) => {
      const share = store.shares.byId(id)
      if (share?.deletedAt === null) announce(share)
    },
  })

  const visits = createVisits({
    ...{ open: door, views, guests, isNewView: createViews(now) },
    subtitles: (film) => deps.subtitles(film),
    addView({ id }) {
      store.shares.addView(id)
      announce(living(id))
    },
  })

  const forgotten = (shareId: string): void => {
    readiness.stop(shareId)
    keeper.stop(shareId)
  }

  const purge = setInterval(() => {
    store.shares.purge(now() - MAX_UNDO_MS)
    copies.sweep().catch((error: unknown) => log.warn({ err: error }, 'a copy could not be removed'))
  }, PURGE_EVERY_MS)
  purge.unref()

  return {
    async create(body) {
      checkCreation(body, now())
      const file = store.files.byId(body.file_id)
      if (!file) throw new AppError('not_found', 'There is no such file.')
      if (file.status === 'completed') await deps.checkSource(file.id)
      checkFile(file)
      const segment = body.file_segment_id === undefined ? null : store.segments.byId(body.file_segment_id)
      if (segment === undefined || (segment && segment.fileId !== file.id)) {
        throw new AppError('not_found', 'There is no such segment of this file.')
      }
      const visibility = body.visibility ?? 'public'
      const window = segment && { startS: segment.startS, endS: segment.endS }
      const keepCopy = body.keep_copy === true
      if (keepCopy && file.status === 'completed') await copies.assertRoom({ fileId: file.id, window })
      const ready = !keepCopy && file.status === 'completed' && (await deps.isReady(file.id, window))
      const share: StoredShare = {
        id: randomUUID(),
        fileId: file.id,
        fileSegmentId: segment?.id ?? null,
        title: body.title ?? null,
        description: body.description ?? null,
        metadata: body.metadata ?? null,
        visibility,
        linkPreview: body.link_preview ?? 'none',
        status: ready ? 'completed' : 'pending',
        failure: null,
        viewCount: 0,
        ...{ keepCopy, keptKey: null },
        expiresAt: body.expires_at ?? null,
        passwordHash: body.password === undefined ? null : await guests.hashPassword(body.password),
        createdAt: now(),
        deletedAt: null,
      }
      store.transaction(() => {
        const taken = store.shares.activeOf(file.id, share.fileSegmentId, visibility)
        if (taken) throw alreadyShared(taken.id)
        // It may have been deleted while the source was looked at.
        if (segment && !store.segments.byId(segment.id)) {
          throw new AppError('not_found', 'There is no such segment of this file.')
        }
        store.shares.insert(share)
      })
      const created = announce(share)
      keeper.follow(share)
      if (!ready) readiness.advance(share.id)
      return created
    },

    get(id, query) {
      return view(living(id), query)
    },

    list(query) {
      const range = dateRange(query.created_after, query.created_before)
      const { shares, total } = store.shares.list({
        ...{ limit: query.limit, offset: query.offset, ...range },
        ...{ fileId: query.file_id, fileSegmentId: query.file_segment_id },
        ...{ visibility: query.visibility, status: query.status },
      })
      const { limit, offset } = query
      return { object: 'list', data: shares.map((it) => view(it)), total, limit, offset }
    },

    async update(id, body) {
      checkChanges(body, living(id).visibility)
      const { password } = body
      const passwordHash = typeof password === 'string' ? await guests.hashPassword(password) : null
      // What was opened by the old password closes.
      if (password !== undefined) guests.lock(id)
      return save({
        ...living(id),
        ...(password === undefined ? {} : { passwordHash }),
        ...(body.title === undefined ? {} : { title: body.title }),
        ...(body.description === undefined ? {} : { description: body.description }),
        ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
        ...(body.link_preview === undefined ? {} : { linkPreview: body.link_preview }),
        ...(body.expires_at === undefined ? {} : { expiresAt: body.expires_at }),
      })
    },

    remove(id) {
      store.shares.update({ ...living(id), deletedAt: now() })
      forgotten(id)
      emit({ type: 'share.deleted', id })
    },

    restore(id) {
      const share = store.shares.byId(id)
      if (!share?.deletedAt || now() - share.deletedAt > MAX_UNDO_MS) {
        throw new AppError('not_found', 'There is no such share to bring back.')
      }
      const taken = store.shares.activeOf(share.fileId, share.fileSegmentId, share.visibility)
      if (taken) throw alreadyShared(taken.id)
      const restored = save({ ...share, deletedAt: null })
      readiness.advance(id)
      return restored
    },

    open,
    ...visits,
    ...keeper.cards,

    trialKeys: (id, purpose) => trialKeys(deps.secret, living(id), purpose, now()),

    fileSettled(fileId) {
      for (const share of store.shares.ofFile(fileId)) readiness.advance(share.id)
    },

    forgotten,

    fileChanged(fileId) {
      for (const share of store.shares.ofFile(fileId)) announce(share)
    },

    segmentChanged(segmentId) {
      for (const share of store.shares.ofSegment(segmentId)) announce(share)
    },

    start() {
      store.shares.purge(now() - MAX_UNDO_MS)
      for (const share of store.shares.unsettled()) readiness.advance(share.id)
    },

    close() {
      clearInterval(purge)
      keeper.close()
    },
  }
}

const alreadyShared = (shareId: string): AppError =>
  new AppError('conflict', 'This is shared already.', { extra: { share_id: shareId } })
