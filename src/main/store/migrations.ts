import { fillFileList } from './fill-file-list.ts'
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
  {
    version: 2,
    sql: `
      -- What lists of files look at, in rows a tenth as long as those of files.
      CREATE TABLE file_list (
        row INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE REFERENCES files(id) ON DELETE CASCADE,
        created_at INTEGER NOT NULL,
        status TEXT NOT NULL,
        media_type TEXT,
        missing INTEGER NOT NULL,
        folder_id TEXT,
        name_order TEXT NOT NULL,
        search_text TEXT NOT NULL
      ) STRICT;
      -- Names, folders and tags are folded before they come here, so that the index need not.
      CREATE VIRTUAL TABLE file_search USING fts5(
        search_text, content='file_list', content_rowid='row', columnsize=0, tokenize='trigram case_sensitive 1'
      );
      CREATE TRIGGER file_list_came AFTER INSERT ON file_list BEGIN
        INSERT INTO file_search(rowid, search_text) VALUES (new.row, new.search_text);
      END;
      CREATE TRIGGER file_list_went AFTER DELETE ON file_list BEGIN
        INSERT INTO file_search(file_search, rowid, search_text) VALUES ('delete', old.row, old.search_text);
      END;
      CREATE TRIGGER file_list_renamed AFTER UPDATE OF search_text ON file_list
      WHEN old.search_text <> new.search_text BEGIN
        INSERT INTO file_search(file_search, rowid, search_text) VALUES ('delete', old.row, old.search_text);
        INSERT INTO file_search(rowid, search_text) VALUES (new.row, new.search_text);
      END;
      -- Also for the statements that change many files at once, and for folders that take their id along.
      CREATE TRIGGER files_changed AFTER UPDATE OF status, media_type, missing, folder_id, created_at ON files
      WHEN old.status <> new.status OR old.media_type IS NOT new.media_type OR old.missing <> new.missing
        OR old.folder_id IS NOT new.folder_id OR old.created_at <> new.created_at
      BEGIN
        UPDATE file_list SET status = new.status, media_type = new.media_type, missing = new.missing,
          folder_id = new.folder_id, created_at = new.created_at WHERE id = new.id;
      END;
      DROP INDEX files_by_created;
      DROP INDEX files_by_name;
      DROP INDEX files_of_folder;
    `,
    fill(db) {
      fillFileList(db)
      // Made after the rows, which is quicker. Each ends in the row's number: one order for files of one moment.
      db.exec(`
        CREATE INDEX file_list_by_created ON file_list (created_at);
        CREATE INDEX file_list_by_name ON file_list (name_order);
        CREATE INDEX file_list_of_folder ON file_list (folder_id, created_at);
        CREATE INDEX file_list_by_type ON file_list (media_type, created_at);
        CREATE INDEX file_list_missing ON file_list (created_at) WHERE missing = 1;
      `)
    },
  },
  {
    version: 3,
    sql: `
      -- How far the reading of a whole file had come when it was interrupted; gone when the table of its content is there.
      CREATE TABLE index_progress (
        fingerprint TEXT PRIMARY KEY,
        state TEXT NOT NULL
      ) STRICT;
      -- Sound alone and AV1 were refused by earlier versions: what was kept of them is read again.
      DELETE FROM media_indexes WHERE fingerprint IN (
        SELECT fingerprint FROM files WHERE packager IS NULL AND fingerprint IS NOT NULL
      );
      UPDATE files SET status = 'pending' WHERE status = 'completed' AND packager IS NULL AND missing = 0
        AND (media ->> '$.video' IS NULL OR media ->> '$.video.codec' = 'av1');
    `,
  },
  {
    version: 4,
    sql: `
      CREATE TABLE segmentations (
        id TEXT PRIMARY KEY,
        file_id TEXT NOT NULL REFERENCES files(id) ON DELETE CASCADE,
        config TEXT NOT NULL,
        status TEXT NOT NULL,
        failure_code TEXT,
        failure_message TEXT,
        created_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX segmentations_of_file ON segmentations (file_id, created_at);

      -- Windows of files, in seconds from the presentation's start.
      CREATE TABLE file_segments (
        id TEXT PRIMARY KEY,
        file_id TEXT NOT NULL REFERENCES files(id) ON DELETE CASCADE,
        segmentation_id TEXT REFERENCES segmentations(id) ON DELETE CASCADE,
        start_s REAL NOT NULL,
        end_s REAL NOT NULL,
        metadata TEXT,
        pictured INTEGER NOT NULL,
        created_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX file_segments_of_file ON file_segments (file_id, start_s, end_s, id);
      CREATE INDEX file_segments_of_segmentation ON file_segments (segmentation_id, start_s, end_s, id);
      -- Dropping a segment asks whether it is shared.
      CREATE INDEX shares_of_segment ON shares (file_segment_id) WHERE file_segment_id IS NOT NULL;
    `,
  },
  {
    version: 5,
    // A packager is chosen anew for these at each start.
    sql: `
      CREATE INDEX files_without_packager ON files (id) WHERE packager IS NULL AND status = 'completed';
    `,
  },
  {
    version: 6,
    sql: `
      -- Copies in the data folder, by content and part; many shares may have one.
      CREATE TABLE kept_copies (
        key TEXT PRIMARY KEY,
        filename TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        fingerprint TEXT NOT NULL,
        packager TEXT NOT NULL,
        media TEXT NOT NULL,
        media_index TEXT NOT NULL,
        created_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX kept_copies_of_content ON kept_copies (fingerprint);
      ALTER TABLE shares ADD COLUMN keep_copy INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE shares ADD COLUMN kept_key TEXT;
      CREATE INDEX shares_of_copy ON shares (kept_key) WHERE kept_key IS NOT NULL;
    `,
  },
  {
    version: 7,
    sql: `
      -- Who may see private shares. name_key is the name as it is compared.
      CREATE TABLE members (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL UNIQUE,
        role TEXT NOT NULL,
        password_hash TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        last_seen_at INTEGER
      ) STRICT;
      CREATE UNIQUE INDEX members_owner ON members (role) WHERE role = 'owner';

      -- Browsers that signed in as a member, or unlocked one share by its password. Tokens name them by ref.
      CREATE TABLE viewer_sessions (
        id_hash TEXT PRIMARY KEY,
        ref TEXT NOT NULL UNIQUE,
        member_id TEXT REFERENCES members(id) ON DELETE CASCADE,
        share_id TEXT REFERENCES shares(id) ON DELETE CASCADE,
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        CHECK ((member_id IS NULL) <> (share_id IS NULL))
      ) STRICT;
      CREATE INDEX viewer_sessions_of_member ON viewer_sessions (member_id) WHERE member_id IS NOT NULL;
      CREATE INDEX viewer_sessions_of_share ON viewer_sessions (share_id) WHERE share_id IS NOT NULL;
      CREATE INDEX viewer_sessions_by_expiry ON viewer_sessions (expires_at);

      -- One-time links: for a new member, or for a new password of member_id.
      CREATE TABLE invites (
        id TEXT PRIMARY KEY,
        code_hash TEXT NOT NULL UNIQUE,
        name TEXT,
        member_id TEXT REFERENCES members(id) ON DELETE CASCADE,
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE api_keys (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        key_hash TEXT NOT NULL UNIQUE,
        prefix TEXT NOT NULL,
        scope TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        last_used_at INTEGER
      ) STRICT;

      ALTER TABLE shares ADD COLUMN password_hash TEXT;
    `,
  },
  {
    version: 8,
    sql: `
      -- What the owner has set, as JSON; a section that was never set has no row.
      CREATE TABLE settings (
        section TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT;
    `,
  },
]
