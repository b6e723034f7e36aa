/** Checks on what a command is given, for callers whose compiler checked nothing. */

import { assertBytes } from '../bytes.ts'

/** @throws TypeError naming the first of the members that is not a `Uint8Array` */
export function assertBytesIn<Name extends string>(command: Readonly<Record<Name, unknown>>, ...names: Name[]): void {
  for (const name of names) assertBytes(name, command[name])
}

/**
 * A name without a code would go into a token that nothing can read.
 *
 * @throws RangeError
 */
export function assertOneOf(name: string, table: object, value: string): void {
  if (!Object.hasOwn(table, value)) throw new RangeError(`${name} must be one of ${Object.keys(table).join(', ')}`)
}
