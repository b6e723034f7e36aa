/** @softkms/store-sqlite: a durable store for one machine. */
export { backupSqliteStore, restoreSqliteStore } from './backup.ts'
export { type SqliteStore, type SqliteStoreOptions, hasSqliteStore, openSqliteStore } from './sqlite-store.ts'
