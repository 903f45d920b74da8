import type { SourceIdentity } from '../media/playable.ts'

/** A file that the library knows, as it was when it was last looked at. */
export type Known = {
  id: string
  path: string
  identity: SourceIdentity
  fingerprint: string | null
  missing: boolean
  /** True when it could not be read for a reason that may have passed, such as a permission. */
  retry: boolean
}

/** A file that lies on the disk now. */
export type Seen = { path: string; identity: SourceIdentity }

/** What happened to one file. */
export type Change =
  | { kind: 'added'; seen: Seen }
  | { kind: 'moved'; id: string; seen: Seen }
  | { kind: 'changed'; id: string }
  | { kind: 'missing'; id: string }
  | { kind: 'returned'; id: string }

/**
 * What happened to the files between what is known and what is seen, batch by batch, so that the first of a hundred
 * thousand files need not wait for the last. Touches nothing outside itself.
 */
export interface Reconciliation {
  /** Takes in what the library knows: all of it before the first `see`. */
  know(files: readonly Known[]): void
  /** What is certain of these files. A new one of a size that is known may be one that moved: it waits. */
  see(files: readonly Seen[]): Change[]
  /** The known files that were not seen. */
  unseen(): Known[]
  /** New files whose content decides whether they are one of `gone`: their fingerprints are wanted. */
  undecided(gone: readonly Known[]): Seen[]
  /**
   * The rest: moves, new files, missing files. A file is moved when it is gone from its path and one with the same
   * inode, size and time, or the same fingerprint, appeared elsewhere. `fingerprints` by path.
   */
  settle(gone: readonly Known[], fingerprints: ReadonlyMap<string, string>): Change[]
}

/** Begins a comparison. */
export function createReconciliation(): Reconciliation {
  const knownByPath = new Map<string, Known>()
  const knownSizes = new Set<number>()
  const seenIds = new Set<string>()
  const waiting: Seen[] = []

  const see = (it: Seen): Change | undefined => {
    const known = knownByPath.get(it.path)
    if (!known) {
      if (!knownSizes.has(it.identity.bytes)) return { kind: 'added', seen: it }
      waiting.push(it)
      return undefined
    }
    seenIds.add(known.id)
    if (known.retry || !isSame(known.identity, it.identity)) return { kind: 'changed', id: known.id }
    return known.missing ? { kind: 'returned', id: known.id } : undefined
  }

  return {
    know(files) {
      for (const file of files) {
        knownByPath.set(file.path, file)
        knownSizes.add(file.identity.bytes)
      }
    },
    see: (files) => files.map(see).filter((change) => change !== undefined),
    unseen: () => [...knownByPath.values()].filter((file) => !seenIds.has(file.id)),
    undecided(gone) {
      const keys = new Set(gone.map((file) => keyOf(file.identity)))
      const sizes = new Set(gone.map((file) => file.identity.bytes))
      return waiting.filter((it) => sizes.has(it.identity.bytes) && !keys.has(keyOf(it.identity)))
    },
    settle(gone, fingerprints) {
      const left = new Map(gone.map((file) => [file.id, file]))
      const byKey = groupBy(gone, (file) => keyOf(file.identity))
      const byFingerprint = groupBy(gone, (file) => file.fingerprint)
      /** Each gone file moved to one place only. */
      const take = (files: readonly Known[] | undefined): Known | undefined => {
        const file = files?.find((it) => left.has(it.id))
        if (file) left.delete(file.id)
        return file
      }
      const changes = waiting.map((seen): Change => {
        const from =
          take(byKey.get(keyOf(seen.identity))) ??
          take(byFingerprint.get(fingerprints.get(seen.path) ?? null))
        return from ? { kind: 'moved', id: from.id, seen } : { kind: 'added', seen }
      })
      const missing = [...left.values()].filter((file) => !file.missing)
      return [...changes, ...missing.map(({ id }): Change => ({ kind: 'missing', id }))]
    },
  }
}

/** True when nothing suggests that a file's content is another than it was. Fractions of a millisecond do not count. */
export const isSame = (a: SourceIdentity, b: SourceIdentity): boolean =>
  a.bytes === b.bytes && a.inode === b.inode && Math.trunc(a.mtimeMs) === Math.trunc(b.mtimeMs)

/** Tells a file again that was renamed on its disk. */
const keyOf = ({ inode, bytes, mtimeMs }: SourceIdentity): string =>
  `${inode}/${bytes}/${Math.trunc(mtimeMs)}`

/** Groups files by a key; those whose key is null belong to none. */
function groupBy(files: readonly Known[], key: (file: Known) => string | null): Map<string | null, Known[]> {
  const groups = new Map<string | null, Known[]>()
  for (const file of files) {
    const at = key(file)
    if (at === null) continue
    const group = groups.get(at)
    if (group) group.push(file)
    else groups.set(at, [file])
  }
  return groups
}
