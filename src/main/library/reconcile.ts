import type { SourceIdentity } from '../media/playable.ts'

/** A file that the library knows, as it was when it was last looked at. */
export type Known = {
  id: string
  path: string
  identity: SourceIdentity
  fingerprint: string | null
  missing: boolean
}

/** A file that lies on the disk now. `fingerprint` where somebody worked it out. */
export type Seen = { path: string; identity: SourceIdentity; fingerprint?: string }

/** What happened to one file. */
export type Change =
  | { kind: 'added'; seen: Seen }
  | { kind: 'moved'; id: string; seen: Seen }
  | { kind: 'changed'; id: string; seen: Seen }
  | { kind: 'missing'; id: string }
  | { kind: 'returned'; id: string }

/**
 * What happened to the files between `known` and `seen`. Touches nothing. A file is moved when it is gone from its
 * path and one with the same inode, size and time, or the same fingerprint, appeared elsewhere.
 */
export function reconcile(known: readonly Known[], seen: readonly Seen[]): Change[] {
  const changes: Change[] = []
  const seenByPath = new Map(seen.map((it) => [it.path, it]))
  const gone: Known[] = []
  for (const file of known) {
    const now = seenByPath.get(file.path)
    if (!now) gone.push(file)
    else if (!isSame(file.identity, now.identity)) changes.push({ kind: 'changed', id: file.id, seen: now })
    else if (file.missing) changes.push({ kind: 'returned', id: file.id })
  }

  const knownPaths = new Set(known.map((it) => it.path))
  const goneByKey = new Map(gone.flatMap((file) => keysOf(file).map((key) => [key, file])))
  const moved = new Set<string>()
  for (const it of seen) {
    if (knownPaths.has(it.path)) continue
    const from = keysOf(it)
      .map((key) => goneByKey.get(key))
      .find((file) => file && !moved.has(file.id))
    if (from) moved.add(from.id)
    changes.push(from ? { kind: 'moved', id: from.id, seen: it } : { kind: 'added', seen: it })
  }
  for (const file of gone) {
    if (!moved.has(file.id) && !file.missing) changes.push({ kind: 'missing', id: file.id })
  }
  return changes
}

/** True when nothing suggests that a file's content is another than it was. */
export const isSame = (a: SourceIdentity, b: SourceIdentity): boolean =>
  a.bytes === b.bytes && a.inode === b.inode && Math.trunc(a.mtimeMs) === Math.trunc(b.mtimeMs)

/** What tells a file again at another path. */
const keysOf = ({
  identity,
  fingerprint,
}: Pick<Known, 'identity'> & { fingerprint?: string | null }): string[] => [
  `${identity.inode}/${identity.bytes}/${Math.trunc(identity.mtimeMs)}`,
  ...(fingerprint ? [fingerprint] : []),
]
