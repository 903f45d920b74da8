import type { Migration } from './migrate.ts'

/** Every schema step ever released, oldest first. Released steps are never edited, only followed. */
export const migrations: readonly Migration[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE folders (
        id TEXT PRIMARY KEY,
        path TEXT NOT NULL UNIQUE,
        created_at INTEGER NOT NULL,
        scanned_at INTEGER,
        unreadable_count INTEGER NOT NULL DEFAULT 0,
        failure_code TEXT,
        failure_message TEXT
      ) STRICT;

      CREATE TABLE files (
        id TEXT PRIMARY KEY,
        path TEXT NOT NULL UNIQUE,
        folder_id TEXT REFERENCES folders(id) ON DELETE SET NULL,
        source TEXT NOT NULL,
        filename TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        mtime_ms REAL NOT NULL,
        inode TEXT NOT NULL,
        fingerprint TEXT,
        status TEXT NOT NULL,
        failure_code TEXT,
        failure_message TEXT,
        metadata TEXT,
        media_type TEXT,
        media TEXT,
        delivery TEXT,
        delivery_reason TEXT,
        packager TEXT,
        poster INTEGER NOT NULL DEFAULT 0,
        missing INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX files_by_created ON files (created_at, id);
      CREATE INDEX files_by_name ON files (filename COLLATE NOCASE, id);
      -- Counts of a folder, all and waiting, are read from the index alone; they are shown many times in a scan.
      CREATE INDEX files_by_folder ON files (folder_id, status);
      -- A folder's list, newest first.
      CREATE INDEX files_of_folder ON files (folder_id, created_at, id);
      CREATE INDEX files_by_fingerprint ON files (fingerprint, missing);
      CREATE INDEX files_by_status ON files (status, created_at);
      CREATE INDEX files_without_poster ON files (created_at)
        WHERE poster = 0 AND status = 'completed' AND missing = 0;

      -- Keyed by content: a moved file keeps its table, a changed one misses it.
      CREATE TABLE media_indexes (
        fingerprint TEXT PRIMARY KEY,
        media_index TEXT NOT NULL
      ) STRICT;

      CREATE TABLE shares (
        id TEXT PRIMARY KEY,
        file_id TEXT NOT NULL REFERENCES files(id) ON DELETE CASCADE,
        file_segment_id TEXT,
        title TEXT,
        description TEXT,
        metadata TEXT,
        visibility TEXT NOT NULL,
        link_preview TEXT NOT NULL,
        status TEXT NOT NULL,
        failure_code TEXT,
        failure_message TEXT,
        view_count INTEGER NOT NULL DEFAULT 0,
        expires_at INTEGER,
        created_at INTEGER NOT NULL,
        deleted_at INTEGER
      ) STRICT;
      -- One active share of a (file, segment, visibility); deleted rows wait for restore beside it.
      CREATE UNIQUE INDEX shares_active ON shares (file_id, ifnull(file_segment_id, ''), visibility)
        WHERE deleted_at IS NULL;
      -- Without it, forgetting a file looks through all shares.
      CREATE INDEX shares_by_file ON shares (file_id);
      CREATE INDEX shares_by_created ON shares (created_at, id);
      CREATE INDEX shares_deleted ON shares (deleted_at) WHERE deleted_at IS NOT NULL;

      CREATE TABLE sessions (
        id_hash TEXT PRIMARY KEY,
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
      ) STRICT;
    `,
  },
]
