/** @softkms/store-sqlite: a durable store for one machine. */
export { type SqliteStore, type SqliteStoreOptions, openSqliteStore } from './sqlite-store.ts'
