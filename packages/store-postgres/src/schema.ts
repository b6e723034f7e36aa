/**
 * The tables, and how a database of an earlier release becomes one of this.
 *
 * A record is kept whole, as text with its tag. The columns beside it are what it is found by, and are compared with
 * the record whenever it is read. Names sort by code unit, whatever the database's collation.
 */

const NAME = 'TEXT COLLATE "C" NOT NULL'
const RECORD = 'record TEXT NOT NULL, tag BYTEA NOT NULL'
const OF_KEY = `account ${NAME}, region ${NAME}, key_id ${NAME}`

/** Each step leads from the schema of its index to the next; none is ever changed once it was released. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE key (
    ${OF_KEY}, version BIGINT NOT NULL, created_at BIGINT NOT NULL, due_at BIGINT, ${RECORD},
    PRIMARY KEY (account, region, key_id)
  );
  CREATE INDEX key_due ON key (due_at, account, region, key_id) WHERE due_at IS NOT NULL;

  CREATE TABLE key_count (
    account ${NAME}, region ${NAME}, count BIGINT NOT NULL,
    PRIMARY KEY (account, region)
  );

  CREATE TABLE material (
    region ${NAME}, material_id ${NAME}, account ${NAME}, key_id ${NAME}, ${RECORD},
    PRIMARY KEY (region, material_id)
  );
  CREATE INDEX material_of_key ON material (account, region, key_id);

  CREATE TABLE alias (
    account ${NAME}, region ${NAME}, alias_name ${NAME}, version BIGINT NOT NULL, target_key_id ${NAME}, ${RECORD},
    PRIMARY KEY (account, region, alias_name)
  );
  CREATE INDEX alias_of_key ON alias (account, region, target_key_id, alias_name);

  CREATE TABLE grant_record (
    ${OF_KEY}, grant_id ${NAME}, retiring TEXT COLLATE "C", ${RECORD},
    PRIMARY KEY (account, region, key_id, grant_id)
  );
  CREATE INDEX grant_retirable ON grant_record (region, retiring, grant_id) WHERE retiring IS NOT NULL;

  CREATE TABLE grant_lookup (
    ${OF_KEY}, lookup ${NAME}, grant_id ${NAME},
    PRIMARY KEY (account, region, key_id, lookup, grant_id)
  );

  CREATE TABLE grant_count (
    ${OF_KEY}, count BIGINT NOT NULL,
    PRIMARY KEY (account, region, key_id)
  );

  CREATE TABLE key_use (
    ${OF_KEY}, at BIGINT NOT NULL, ${RECORD},
    PRIMARY KEY (account, region, key_id)
  );

  CREATE TABLE keyring (
    id BIGINT PRIMARY KEY CHECK (id = 1), version BIGINT NOT NULL, sealed BYTEA NOT NULL
  );
  `,
]

/** Told of a new keyring. */
export const KEYRING_CHANNEL = 'softkms_keyring'

/** What migrations are made under, one server at a time: "skms". */
export const MIGRATION_LOCK = 0x736b_6d73

/**
 * What a server needs, once the tables are there: rights on rows, and none on tables. `psql` runs it as their owner, with
 * the role's name for `softkms_server`.
 */
export const ROLE_SCRIPT = `-- The least that a server of softkms needs in a database whose tables are there already.
CREATE ROLE softkms_server LOGIN;
GRANT USAGE ON SCHEMA public TO softkms_server;
GRANT SELECT ON softkms_schema TO softkms_server;
GRANT SELECT, INSERT, UPDATE, DELETE
  ON key, key_count, material, alias, grant_record, grant_lookup, grant_count, key_use TO softkms_server;
GRANT SELECT, INSERT, UPDATE ON keyring TO softkms_server;
`
