/** @softkms/store-postgres: a durable store that any number of servers share. */
export { type PostgresStore, type PostgresStoreOptions, openPostgresStore } from './postgres-store.ts'
export { ROLE_SCRIPT } from './schema.ts'
