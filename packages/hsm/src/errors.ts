/**
 * The one error that leaves the boundary.
 *
 * Messages name the command's fault and never hold key bytes, plaintext or additional data. Everything that fails
 * inside an authenticated decryption is `AUTHENTICATION_FAILED`, whichever byte was wrong.
 */

export type HsmErrorCode =
  /** A sealed message does not open under this key, header and additional data. */
  | 'AUTHENTICATION_FAILED'
  /** A token is damaged, foreign to this HSM's domain, or not a token at all. */
  | 'INVALID_TOKEN'
  /** The token's key spec or usage does not allow the command. */
  | 'KEY_USAGE'
  /** A self-test failed; the module refuses service until it is built anew. */
  | 'SELF_TEST_FAILED'
  /** The module was zeroized; its keys are gone. */
  | 'ZEROIZED'

const MESSAGES: Readonly<Record<HsmErrorCode, string>> = {
  AUTHENTICATION_FAILED: 'The message does not open under this key.',
  INVALID_TOKEN: 'The key token does not belong to this HSM or is damaged.',
  KEY_USAGE: 'The key does not allow this command.',
  SELF_TEST_FAILED: 'A self-test failed; the HSM refuses service.',
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
