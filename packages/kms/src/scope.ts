/**
 * Where a key lives: an account in a Region. Nothing is shared between scopes.
 */

export interface Scope {
  /** 12 decimal digits. */
  readonly account: string
  /** A Region name such as `eu-west-1`. */
  readonly region: string
}

/** Partitions by the prefix of their Regions; everything else is `aws`. */
const PARTITIONS: ReadonlyArray<readonly [prefix: string, partition: string]> = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['us-isof-', 'aws-iso-f'],
  ['eu-isoe-', 'aws-iso-e'],
  ['eusc-', 'aws-eusc'],
]

export function partitionOf(region: string): string {
  return PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws'
}

export function isSameScope(a: Scope, b: Scope): boolean {
  return a.account === b.account && a.region === b.region
}

/** A number is none: twelve digits of it would be compared with text ever after. */
export function isAccount(text: string): boolean {
  return typeof text === 'string' && /^[0-9]{12}$/.test(text)
}

export function isRegion(text: string): boolean {
  return /^(?:[a-z]+-){2,3}[0-9]+$/.test(text)
}

/** @throws RangeError for a malformed account or Region */
export function assertScope(account: string, region: string): void {
  if (!isAccount(account)) throw new RangeError('account must be 12 digits')
  if (!isRegion(region)) throw new RangeError('region must be a Region name such as us-east-1')
}
