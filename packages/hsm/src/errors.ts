/**
 * The one error that leaves the boundary.
 *
 * Messages name the command's fault and never hold key bytes, plaintext or additional data. Everything that fails
 * inside a decryption is `AUTHENTICATION_FAILED`, whichever byte was wrong.
 */

export type HsmErrorCode =
  /** A message does not open under this key, header and additional data, or does not unwrap. */
  | 'AUTHENTICATION_FAILED'
  /** A token is damaged, foreign to this HSM's domain, or not a token at all. */
  | 'INVALID_TOKEN'
  /** The token's usage does not allow the command, or the spec does not have the usage. */
  | 'KEY_USAGE'
  /** The key does not have the algorithm, or the algorithm does not take such a message. */
  | 'ALGORITHM'
  /** Imported material is not material of the key spec. */
  | 'INVALID_MATERIAL'
  /** A peer's public key is not one, or is of another curve. */
  | 'INVALID_PUBLIC_KEY'
  /** A plaintext is longer than an RSA key can take. */
  | 'PLAINTEXT_TOO_LONG'
  /** A result did not fit its public key, so a fault was at work; it was not released. */
  | 'FAULT_DETECTED'
  /** The HSM was given no root key, so its domain can neither leave it nor be taken in. */
  | 'NO_ROOT_KEY'
  /** A self-test is running; whoever asks from within it gets nothing. */
  | 'SELF_TESTING'
  /** A self-test failed; the module refuses service until it is built anew. */
  | 'SELF_TEST_FAILED'
  /** Too many commands wait already; this one was not begun. */
  | 'BUSY'
  /** An HSM that is elsewhere did not answer in time. */
  | 'TIMED_OUT'
  /** An HSM that is elsewhere cannot be reached, or serves nobody right now. */
  | 'UNAVAILABLE'
  /** The module was zeroized; its keys are gone. */
  | 'ZEROIZED'

const MESSAGES: Readonly<Record<HsmErrorCode, string>> = {
  AUTHENTICATION_FAILED: 'The message does not open under this key.',
  INVALID_TOKEN: 'The key token does not belong to this HSM or is damaged.',
  KEY_USAGE: 'The key does not allow this command.',
  ALGORITHM: 'The key does not have this algorithm for such a message.',
  INVALID_MATERIAL: 'The key material does not fit the key spec.',
  INVALID_PUBLIC_KEY: 'The public key is not a point of the same curve.',
  PLAINTEXT_TOO_LONG: 'The plaintext is longer than the key can take.',
  FAULT_DETECTED: 'A fault was detected; the result was not released.',
  NO_ROOT_KEY: 'The HSM was given no root key.',
  SELF_TESTING: 'The HSM is testing itself and serves nothing yet.',
  SELF_TEST_FAILED: 'A self-test failed; the HSM refuses service.',
  BUSY: 'Too many commands wait for the HSM.',
  TIMED_OUT: 'The HSM did not answer in time.',
  UNAVAILABLE: 'The HSM cannot serve right now.',
  ZEROIZED: 'The HSM was zeroized.',
}

export class HsmError extends Error {
  override readonly name = 'HsmError'
  readonly code: HsmErrorCode

  constructor(code: HsmErrorCode) {
    super(MESSAGES[code])
    this.code = code
  }
}
