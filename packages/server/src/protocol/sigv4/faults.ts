/**
 * What is said of a signature that is not good: AWS's texts, without its echo of what was sent.
 *
 * Nothing here depends on a secret. Of a signature that does not fit it is said that it does not, and never where.
 *
 * @spec wire §4 (signature layer)
 */
import { refuse, type Refusal } from '../../refusal.ts'

export interface Refused {
  readonly refusal: Refusal
}

export function incomplete(message: string): Refused {
  return { refusal: refuse(400, 'IncompleteSignatureException', message) }
}

export function invalid(message: string): Refused {
  return { refusal: refuse(400, 'InvalidSignatureException', message) }
}

export const MISMATCH: Refused = invalid(
  'The request signature we calculated does not match the signature you provided. ' +
    'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
)

export const MISSING_TOKEN: Refused = {
  refusal: refuse(400, 'MissingAuthenticationTokenException', 'Missing Authentication Token'),
}

/** An access key that nobody has, or a session token that is not the one that belongs to it. */
export const UNRECOGNIZED: Refused = {
  refusal: refuse(400, 'UnrecognizedClientException', 'The security token included in the request is invalid.'),
}

export const EXPIRED_TOKEN: Refused = {
  refusal: refuse(400, 'ExpiredTokenException', 'The security token included in the request is expired'),
}
