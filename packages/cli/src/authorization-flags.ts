/**
 * The flags of `serve` about what callers may do: whether policies decide, whose they are, and how grants behave.
 */
import { parseDuration } from '@softkms/kms'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { CreateKmsOptions } from 'softkms'
import { readIdentityPolicies } from './identity-policies-file.ts'

export interface AuthorizationFlags {
  readonly authorization: 'enforce' | 'off'
  readonly identityPolicies?: string
  /** Milliseconds. */
  readonly grantDelay?: number
  readonly grantsPerKey?: number
}

export function addAuthorizationOptions(command: Command): void {
  command
    .addOption(
      new Option('--authorization <mode>', 'whether policies decide').choices(['enforce', 'off']).default('enforce'),
    )
    .option('--identity-policies <file>', 'JSON file of the policies of callers; full permission when absent')
    .option('--grant-delay <duration>', 'how long a new grant needs its token, such as 5m; 0s when absent', parseDelay)
    .option('--grants-per-key <number>', 'how many grants a key may have; 50000 when absent', parseCount)
}

/** @throws UnusableFileError */
export function readAuthorization({
  authorization,
  identityPolicies: path,
  grantDelay: grantDelayMs,
  grantsPerKey,
}: AuthorizationFlags): Pick<CreateKmsOptions, 'authorization' | 'identityPolicies' | 'grantDelayMs' | 'grantsPerKey'> {
  return {
    authorization,
    ...(path === undefined ? {} : { identityPolicies: readIdentityPolicies(path) }),
    ...(grantDelayMs === undefined ? {} : { grantDelayMs }),
    ...(grantsPerKey === undefined ? {} : { grantsPerKey }),
  }
}

function parseDelay(text: string): number {
  try {
    return parseDuration(text)
  } catch {
    throw new InvalidArgumentError('A duration is written such as 30s, 5m or 1h30m.')
  }
}

function parseCount(text: string): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (count > 0) return count
  throw new InvalidArgumentError('A number of grants is a whole number, 1 or more.')
}
