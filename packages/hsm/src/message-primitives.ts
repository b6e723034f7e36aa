/**
 * Signatures over whole messages.
 *
 * Optional: some platforms sign a message and hash it themselves, and have no way to sign a digest (node:crypto with
 * ECDSA) or an external μ (node:crypto with ML-DSA). A provider that has one of these says so by having the member;
 * `algorithms/ecdsa` and `algorithms/ml-dsa` use it for messages that come RAW and the digest's way for the rest. Both
 * ways make the same kind of signature: what one signs, the other verifies.
 */

import type { Curve, HashName, MlDsaKey, MlDsaParameters } from './asymmetric-primitives.ts'

export interface MessagePrimitives {
  /** @returns r and s, each of the curve's length. @spec FIPS 186-5 §6.4.1 */
  signEcdsaMessage?(curve: Curve, scalar: Uint8Array, hash: HashName, message: Uint8Array): Uint8Array
  verifyEcdsaMessage?(
    curve: Curve,
    point: Uint8Array,
    hash: HashName,
    message: Uint8Array,
    signature: Uint8Array,
  ): boolean
  /** The pure scheme with an empty context string. @spec FIPS 204 §5.3 */
  verifyMlDsaMessage?(
    parameters: MlDsaParameters,
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ): boolean
}

/** A prepared ML-DSA key that can also sign a whole message. */
export interface MessageMlDsaKey extends MlDsaKey {
  /** The pure scheme with an empty context string, hedged by the platform. @spec FIPS 204 §5.2 */
  signMessage(message: Uint8Array): Uint8Array
}
