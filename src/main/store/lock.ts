import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { AppError } from '../base/errors.ts'

/**
 * Takes the data folder for this process and returns the call that gives it back. The file `lock` is an empty SQLite
 * database held by an exclusive transaction: the system drops that lock with the process, however it dies, so no
 * stale lock exists and no pid has to be guessed about. Throws AppError `conflict` when another instance holds it.
 */
export function lockDataFolder(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true })
  const db = new BetterSqlite3(join(dataDir, 'lock'), { timeout: 0 })
  try {
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (error instanceof BetterSqlite3.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw new AppError('conflict', `Another Matinee is using the data folder ${dataDir}.`, { cause: error })
    }
    throw error
  }
  return () => void db.close()
}
