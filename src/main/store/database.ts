import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import BetterSqlite3, { type Database } from 'better-sqlite3'
import { migrate } from './migrate.ts'
import { migrations } from './migrations.ts'

/**
 * Opens the database file, made when absent, at the newest schema. Every commit is `synchronous=FULL`: what was
 * acknowledged survives a power cut (measured cost: 0.16 ms). Throws AppError `database_too_new`.
 */
export function openDatabase(file: string): Database {
  mkdirSync(dirname(file), { recursive: true })
  const db = new BetterSqlite3(file)
  try {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    db.pragma('busy_timeout = 2000')
    migrate(db, migrations)
  } catch (error) {
    db.close()
    throw error
  }
  return db
}
