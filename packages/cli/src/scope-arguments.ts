/** Accounts and Regions on the command line. */
import { isAccount, isRegion } from '@softkms/kms'
import { InvalidArgumentError } from 'commander'

export function parseAccount(text: string): string {
  if (isAccount(text)) return text
  throw new InvalidArgumentError('An account is 12 digits.')
}

export function parseRegion(text: string): string {
  if (isRegion(text)) return text
  throw new InvalidArgumentError('A Region has a name such as us-east-1.')
}
