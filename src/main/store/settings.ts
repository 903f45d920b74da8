import type { Database } from 'better-sqlite3'
import { fromJson, toJson } from './rows.ts'

/** What can be set, by the name it is kept under. */
export type StoredSettings = { embed: { origins: readonly string[] } }

/** The table `settings`: one row for each section that was ever set. */
export function settingStore(db: Database) {
  const read = db.prepare<[string], { value: string }>('SELECT value FROM settings WHERE section = ?')
  const write = db.prepare<[string, string | null]>(`
    INSERT INTO settings (section, value) VALUES (?, ?)
    ON CONFLICT (section) DO UPDATE SET value = excluded.value`)
  return {
    /** Undefined as long as nobody has set it. */
    get<Section extends keyof StoredSettings>(section: Section): StoredSettings[Section] | undefined {
      return fromJson<StoredSettings[Section]>(read.get(section)?.value ?? null) ?? undefined
    },
    set<Section extends keyof StoredSettings>(section: Section, value: StoredSettings[Section]): void {
      write.run(section, toJson(value))
    },
  }
}
