/**
 * Connections to a database, and what their faults mean to whoever asks the store.
 *
 * A connection that breaks is made anew by the next query, with growing pauses between attempts. A query has its time.
 */

import { StoreError } from '@softkms/kms'
import postgres, { type Sql } from 'postgres'

/** Counts and instants are whole numbers that a double holds. */
export type Database = Sql<{ int8: number }>
/** A database or a transaction: both run queries. */
export type Queries = Pick<Database, 'unsafe'>

export type Value = string | number | null | Uint8Array
export type Row = Readonly<Record<string, unknown>>

const INT8 = 20
const CONNECT_TIMEOUT_S = 10
const LONGEST_PAUSE_S = 5

/** Of PostgreSQL and of the way to it. @spec PostgreSQL, appendix A */
const QUERY_CANCELLED = '57014'
const UNIQUE_VIOLATION = '23505'
const RETRYABLE: ReadonlySet<string> = new Set(['40001', '40P01'])

export interface ConnectOptions {
  /** Such as `postgres://user@host/database`. */
  readonly url: string
  readonly connections: number
  readonly statementTimeoutMs: number
}

export function connect({ url, connections, statementTimeoutMs }: ConnectOptions): Database {
  return postgres(url, {
    max: connections,
    connect_timeout: CONNECT_TIMEOUT_S,
    backoff: (attempt) => Math.min(LONGEST_PAUSE_S, 0.05 * 2 ** attempt),
    connection: { application_name: 'softkms', statement_timeout: statementTimeoutMs },
    onnotice: () => undefined,
    types: { int8: { to: INT8, from: [INT8], serialize: String, parse: Number } },
  })
}

export async function query(queries: Queries, text: string, values: readonly Value[] = []): Promise<readonly Row[]> {
  return queries.unsafe(text, values as never[], { prepare: true })
}

/** How many rows a statement wrote. */
export async function write(queries: Queries, text: string, values: readonly Value[]): Promise<number> {
  const { count } = (await queries.unsafe(text, values as never[], { prepare: true })) as { readonly count: number }
  return count
}

export function isRetryable(cause: unknown): boolean {
  return RETRYABLE.has(codeOf(cause))
}

/** Whether somebody else has written the same row meanwhile. */
export function isTaken(cause: unknown): boolean {
  return codeOf(cause) === UNIQUE_VIOLATION
}

/** What failed for want of the database, or of time, is told so; anything else is a fault of ours. */
export function toStoreError(cause: unknown): unknown {
  if (cause instanceof StoreError) return cause
  const code = codeOf(cause)
  // Classes 08, 53 and 57: no connection, no resources, an operator's doing. Codes without digits are the driver's.
  const isAway = /^(?:08|53|57)/.test(code) || /^(?:CONNECT|E[A-Z]+)/.test(code)
  if (code === QUERY_CANCELLED) return new StoreError('TIMED_OUT', 'the database took too long', { cause })
  return isAway ? new StoreError('TIMED_OUT', `the database cannot be reached (${code})`, { cause }) : cause
}

function codeOf(cause: unknown): string {
  const { code } = (cause ?? {}) as { readonly code?: unknown }
  return typeof code === 'string' ? code : ''
}
