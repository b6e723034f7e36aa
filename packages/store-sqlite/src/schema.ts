/**
 * The tables, and how a database of an earlier release becomes one of this.
 *
 * A record is kept whole, as text with its tag. The columns beside it are what it is found by, and are compared with
 * the record whenever it is read.
 */

/** Each step leads from the schema of its index to the next; none is ever changed once it was released. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE key (
    account TEXT NOT NULL, region TEXT NOT NULL, key_id TEXT NOT NULL,
    version INTEGER NOT NULL, created_at INTEGER NOT NULL, due_at INTEGER,
    record TEXT NOT NULL, tag BLOB NOT NULL,
    PRIMARY KEY (account, region, key_id)
  ) WITHOUT ROWID, STRICT;
  CREATE INDEX key_due ON key (due_at) WHERE due_at IS NOT NULL;

  CREATE TABLE key_count (
    account TEXT NOT NULL, region TEXT NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (account, region)
  ) WITHOUT ROWID, STRICT;

  CREATE TABLE material (
    region TEXT NOT NULL, material_id TEXT NOT NULL,
    account TEXT NOT NULL, key_id TEXT NOT NULL,
    record TEXT NOT NULL, tag BLOB NOT NULL,
    PRIMARY KEY (region, material_id)
  ) WITHOUT ROWID, STRICT;
  CREATE INDEX material_of_key ON material (account, region, key_id);

  CREATE TABLE alias (
    account TEXT NOT NULL, region TEXT NOT NULL, alias_name TEXT NOT NULL,
    version INTEGER NOT NULL, target_key_id TEXT NOT NULL,
    record TEXT NOT NULL, tag BLOB NOT NULL,
    PRIMARY KEY (account, region, alias_name)
  ) WITHOUT ROWID, STRICT;
  CREATE INDEX alias_of_key ON alias (account, region, target_key_id, alias_name);

  CREATE TABLE grant_record (
    account TEXT NOT NULL, region TEXT NOT NULL, key_id TEXT NOT NULL, grant_id TEXT NOT NULL,
    retiring TEXT,
    record TEXT NOT NULL, tag BLOB NOT NULL,
    PRIMARY KEY (account, region, key_id, grant_id)
  ) WITHOUT ROWID, STRICT;
  CREATE INDEX grant_retirable ON grant_record (region, retiring, grant_id) WHERE retiring IS NOT NULL;

  CREATE TABLE grant_lookup (
    account TEXT NOT NULL, region TEXT NOT NULL, key_id TEXT NOT NULL, lookup TEXT NOT NULL, grant_id TEXT NOT NULL,
    PRIMARY KEY (account, region, key_id, lookup, grant_id)
  ) WITHOUT ROWID, STRICT;

  CREATE TABLE grant_count (
    account TEXT NOT NULL, region TEXT NOT NULL, key_id TEXT NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (account, region, key_id)
  ) WITHOUT ROWID, STRICT;

  CREATE TABLE key_use (
    account TEXT NOT NULL, region TEXT NOT NULL, key_id TEXT NOT NULL, at INTEGER NOT NULL,
    record TEXT NOT NULL, tag BLOB NOT NULL,
    PRIMARY KEY (account, region, key_id)
  ) WITHOUT ROWID, STRICT;

  CREATE TABLE keyring (
    only INTEGER PRIMARY KEY CHECK (only = 1), version INTEGER NOT NULL, sealed BLOB NOT NULL
  ) STRICT;
  `,
]

/** What SQLite keeps in the header of a database of softkms: "skms". */
export const APPLICATION_ID = 0x736b_6d73
