/**
 * The flags of `serve` about what callers may do: whether policies decide, whose they are, and when grants count.
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
}

export function addAuthorizationOptions(command: Command): void {
  command
    .addOption(
      new Option('--authorization <mode>', 'whether policies decide').choices(['enforce', 'off']).default('enforce'),
    )
    .option('--identity-policies <file>', 'JSON file of the policies of callers; full permission when absent')
    .option('--grant-delay <duration>', 'how long a new grant needs its token, such as 5m; 0s when absent', parseDelay)
}

/** @throws UnusableFileError */
export function readAuthorization({
  authorization,
  identityPolicies: path,
  grantDelay: grantDelayMs,
}: AuthorizationFlags): Pick<CreateKmsOptions, 'authorization' | 'identityPolicies' | 'grantDelayMs'> {
  return {
    authorization,
    ...(path === undefined ? {} : { identityPolicies: readIdentityPolicies(path) }),
    ...(grantDelayMs === undefined ? {} : { grantDelayMs }),
  }
}

function parseDelay(text: string): number {
  try {
    return parseDuration(text)
  } catch {
    throw new InvalidArgumentError('A duration is written such as 30s, 5m or 1h30m.')
  }
}
