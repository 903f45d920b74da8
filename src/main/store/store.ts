import { apiKeyStore } from './api-keys.ts'
import { openDatabase } from './database.ts'
import { fileStore } from './files.ts'
import { folderStore } from './folders.ts'
import { inviteStore } from './invites.ts'
import { keptCopyStore } from './kept-copies.ts'
import { mediaIndexStore } from './media-indexes.ts'
import { memberStore } from './members.ts'
import { segmentStore, segmentationStore } from './segments.ts'
import { sessionStore } from './sessions.ts'
import { settingStore } from './settings.ts'
import { shareStore } from './shares.ts'
import { viewerSessionStore } from './viewer-sessions.ts'

/** Opens the store of the library: one SQLite file, one part per table. Throws AppError `database_too_new`. */
export function openStore(file: string) {
  const db = openDatabase(file)
  return {
    apiKeys: apiKeyStore(db),
    files: fileStore(db),
    folders: folderStore(db),
    invites: inviteStore(db),
    keptCopies: keptCopyStore(db),
    mediaIndexes: mediaIndexStore(db),
    members: memberStore(db),
    segmentations: segmentationStore(db),
    segments: segmentStore(db),
    sessions: sessionStore(db),
    settings: settingStore(db),
    shares: shareStore(db),
    viewerSessions: viewerSessionStore(db),
    /** Runs `work` as one transaction: all of its writes or none. It must not await. */
    transaction: <T>(work: () => T): T => db.transaction(work)(),
    /**
     * The same for what can be found again on the disk: nobody waits for the disk to have it (`synchronous=NORMAL`).
     * A power cut may undo it, never half of it, and never something that was committed otherwise.
     */
    transactionUnsynced<T>(work: () => T): T {
      db.pragma('synchronous = NORMAL')
      try {
        return db.transaction(work)()
      } finally {
        db.pragma('synchronous = FULL')
      }
    },
    close: (): void => void db.close(),
  }
}

export type Store = ReturnType<typeof openStore>
