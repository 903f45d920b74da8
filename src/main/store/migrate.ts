import type { Database } from 'better-sqlite3'
import { AppError } from '../base/errors.ts'

/** One step of the schema: brings a database at `version - 1` to `version`. */
export type Migration = {
  version: number
  sql: string
  /** What SQL cannot work out, done after it in the same transaction. */
  fill?: (db: Database) => void
}

/**
 * Brings `db` up to the newest schema, all or nothing. Throws AppError `database_too_new` and leaves the file alone
 * when a newer app wrote it.
 */
export function migrate(db: Database, migrations: readonly Migration[]): void {
  const current = db.pragma('user_version', { simple: true }) as number
  const newest = migrations.at(-1)?.version ?? 0
  if (current > newest) {
    throw new AppError(
      'database_too_new',
      `The library was written by a newer Matinee (schema ${current}, this one knows ${newest}). Update Matinee, or start it with another data folder.`,
    )
  }
  db.transaction(() => {
    for (const { version, sql, fill } of migrations) {
      if (version <= current) continue
      db.exec(sql)
      fill?.(db)
    }
    db.pragma(`user_version = ${newest}`)
  })()
}
