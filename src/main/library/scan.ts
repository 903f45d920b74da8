import { lstat, opendir, realpath } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Failure } from '../../shared/api/error.ts'
import { AppError, systemCode } from '../base/errors.ts'
import type { FileIdentity, StoredFile } from '../store/files.ts'
import type { StoredFolder } from '../store/folders.ts'
import type { LibraryDeps } from './deps.ts'
import { fingerprintOf } from './fingerprint.ts'
import { isForgotten, nameOf, type FolderViews } from './folder-views.ts'
import { placed } from './moves.ts'
import { createReconciliation, type Change, type Known, type Reconciliation, type Seen } from './reconcile.ts'
import type { Records } from './records.ts'
import { newFile } from './register.ts'
import { isThere, lookAt } from './source-check.ts'
import { walk } from './walk.ts'

/** Looks for what came, changed, moved, went and returned. */
export interface Scanner {
  /** Queues a scan of a folder, or joins the one that is queued or running. */
  scan(folder: StoredFolder): void
  /** Queues a look at the files that lie in no folder. */
  checkLoose(): void
  /** Ends what runs; resolves when it has ended. */
  close(): Promise<void>
}

type ScannerDeps = LibraryDeps & {
  records: Records
  views: FolderViews
  /** Says that files wait to be read. */
  wake: () => void
}

/** Rows read or written at once; between two batches others get their turn. */
const BATCH = 500

/** Makes the scanner. */
export function createScanner(deps: ScannerDeps): Scanner {
  const { store, jobs, log, records, views } = deps
  const closing = new AbortController()
  const running = new Set<Promise<void>>()

  const queue = (
    key: string,
    title: string,
    folderId: string | undefined,
    work: (signal: AbortSignal) => Promise<void>,
    end: () => void,
  ): void => {
    const run = jobs
      .add({
        kind: 'scan',
        key,
        title,
        ...(folderId === undefined ? {} : { folderId }),
        run: ({ signal }) => work(AbortSignal.any([signal, closing.signal])),
      })
      .catch((error: unknown) => log.info({ err: error, folderId }, 'a scan ended early'))
      .finally(() => {
        running.delete(run)
        if (!closing.signal.aborted) end()
      })
    running.add(run)
  }

  const scanNow = async (folder: StoredFolder, signal: AbortSignal): Promise<void> => {
    const comparison = createReconciliation()
    await takeInKnown(comparison, folder, signal)
    let unreadable = 0
    let trouble = await troubleOf(folder.path)
    if (!trouble) {
      const ownFolder = await realpath(deps.dataDir)
      const options = { signal, skip: (path: string) => path === ownFolder }
      for await (const batch of walk(folder.path, options)) {
        unreadable += batch.unreadable
        await apply(folder, comparison.see(batch.seen), signal)
      }
      // A drive that was unplugged meanwhile looks like a folder that was emptied.
      trouble = await troubleOf(folder.path)
    }
    await applyRest(folder, comparison, trouble !== null, signal)
    const now = store.folders.byId(folder.id)
    if (!now || isForgotten(now)) return
    store.folders.update({
      ...now,
      scannedAt: Date.now(),
      unreadableCount: unreadable,
      failure: trouble,
    })
  }

  const takeInKnown = async (
    comparison: Reconciliation,
    folder: StoredFolder,
    signal: AbortSignal,
  ): Promise<void> => {
    const [first, before] = pathRange(folder.path)
    for (let after = first; ;) {
      signal.throwIfAborted()
      const page = store.files.identities({ folderId: folder.id, after, before, limit: BATCH })
      const last = page.at(-1)
      if (!last) return
      comparison.know(page.map(toKnown))
      after = last.path
      await nextTurn()
    }
  }

  /** What is left when all that can be seen was seen. `allGone` saves looking at each place once more. */
  const applyRest = async (
    folder: StoredFolder | null,
    comparison: Reconciliation,
    allGone: boolean,
    signal: AbortSignal,
  ): Promise<void> => {
    const gone: Known[] = []
    const denied: Known[] = []
    for (const file of comparison.unseen()) {
      signal.throwIfAborted()
      // The walk passes over hidden files and odd endings, but one of them may have been registered by hand.
      const look = allGone ? 'gone' : await lookAt(file.path).catch(() => 'denied' as const)
      if (isThere(look)) await apply(folder, comparison.see([{ path: file.path, identity: look }]), signal)
      else if (look === 'denied') denied.push(file)
      else gone.push(file)
    }
    const fingerprints = new Map<string, string>()
    for (const { path } of comparison.undecided(gone)) {
      signal.throwIfAborted()
      const fingerprint = await fingerprintOf(path).catch(() => undefined)
      if (fingerprint !== undefined) fingerprints.set(path, fingerprint)
    }
    await apply(folder, comparison.settle(gone, fingerprints), signal)
    const lost = denied.filter((file) => !file.missing)
    await apply(
      folder,
      lost.map(({ id }) => ({ kind: 'missing', id })),
      signal,
    )
  }

  /** Writes changes, a transaction for each batch, then tells of them. Null stands for no folder. */
  const apply = async (
    folder: StoredFolder | null,
    changes: readonly Change[],
    signal: AbortSignal,
  ): Promise<void> => {
    for (let at = 0; at < changes.length; at += BATCH) {
      signal.throwIfAborted()
      const now = folder && store.folders.byId(folder.id)
      if (folder && (!now || isForgotten(now))) throw new AppError('not_found', 'The folder was forgotten.')
      const written = store.transactionUnsynced(() =>
        changes.slice(at, at + BATCH).map((change) => write(folder?.id ?? null, change)),
      )
      for (const file of written) if (file) records.announce(file)
      deps.wake()
      await nextTurn()
    }
  }

  /** Writes one change; the row as it is then, undefined when there is nothing to tell. */
  const write = (folderId: string | null, change: Change): StoredFile | undefined => {
    if (change.kind === 'added') return add(folderId, change.seen)
    const file = store.files.byId(change.id)
    if (!file) return undefined
    switch (change.kind) {
      case 'moved': {
        const { path, identity } = change.seen
        // Another row has the place already when somebody registered the file there meanwhile.
        return store.files.byPath(path)
          ? update({ ...file, missing: true })
          : update({ ...file, ...identity, ...placed(file, path), missing: false })
      }
      case 'changed':
        return update({ ...file, status: 'pending', missing: false })
      case 'missing':
        return update({ ...file, missing: true })
      case 'returned':
        return update({ ...file, missing: false })
    }
  }
  const add = (folderId: string | null, seen: Seen): StoredFile | undefined => {
    const known = store.files.byPath(seen.path)
    // Registered by its path before its folder was: it joins the folder. An upload belongs to none, wherever it lies.
    if (known) {
      const isHome = known.folderId === folderId || known.source === 'upload'
      return isHome ? undefined : update({ ...known, folderId })
    }
    const file = newFile({ ...seen, folderId }, null, undefined)
    store.files.insert(file)
    return file
  }
  const update = (file: StoredFile): StoredFile => {
    store.files.update(file)
    return file
  }

  return {
    scan(folder) {
      views.scanning.add(folder.id)
      queue(
        `scan:${folder.id}`,
        `Looking through ${nameOf(folder)}`,
        folder.id,
        (signal) => scanNow(folder, signal),
        () => {
          views.scanning.delete(folder.id)
          views.report(folder.id)
        },
      )
      views.report(folder.id)
    },
    checkLoose() {
      const work = async (signal: AbortSignal): Promise<void> => {
        const comparison = createReconciliation()
        comparison.know(store.files.looseIdentities().map(toKnown))
        await applyRest(null, comparison, false, signal)
      }
      queue('scan:loose', 'Looking at single files', undefined, work, () => undefined)
    },
    async close() {
      closing.abort(new AppError('busy', 'Matinee is stopping.'))
      await Promise.all(running)
    },
  }
}

const toKnown = ({ bytes, mtimeMs, inode, failureCode, ...file }: FileIdentity): Known => ({
  ...file,
  identity: { bytes, mtimeMs, inode },
  retry: failureCode === 'unreadable',
})

/** Between these two lie the paths of all that is below a folder, and nothing else. */
function pathRange(folder: string): [after: string, before: string] {
  const prefix = folder.endsWith(sep) ? folder : folder + sep
  return [prefix, prefix.slice(0, -1) + String.fromCharCode(sep.charCodeAt(0) + 1)]
}

/** Opens a folder, as only trying shows whether that is allowed. Throws the system error. */
export async function tryToList(path: string): Promise<void> {
  await (await opendir(path)).close()
}

/** Why a folder cannot be looked through, null when it can. */
async function troubleOf(path: string): Promise<Failure | null> {
  try {
    // A link put in its place, or on the way to it, leads to what the owner did not choose (S57).
    if ((await realpath(path)) !== resolve(path) || !(await lstat(path)).isDirectory()) {
      return { code: 'not_found', message: 'A link or a file lies where the folder was.' }
    }
    await tryToList(path)
    return null
  } catch (error) {
    return ['EACCES', 'EPERM'].includes(systemCode(error) ?? '')
      ? { code: 'forbidden', message: 'Matinee is not allowed to read this folder.' }
      : { code: 'not_found', message: 'The folder is not there; its drive may be unplugged.' }
  }
}
