/**
 * The signature over a whole message: a key pair that lives for one message, its public half in the encryption context,
 * the signature in the footer.
 *
 * Wrapping keys are shared by writers and readers; without the signature, whoever can read a message could write
 * another under the same data key.
 *
 * @spec AWS Encryption SDK, Message format reference, "Footer structure"
 */

import {
  type CurvePrimitives,
  type Entropy,
  type HashPrimitives,
  decodeEcdsaSignature,
  encodeEcdsaSignature,
} from '@softkms/hsm'
import type { EncryptionContext } from '../encryption-context.ts'
import { formatBase64, parseBase64 } from '../host.ts'
import { RESERVED_PREFIX } from './message-context.ts'
import type { SuiteSignature } from './suite.ts'

const PUBLIC_KEY_ENTRY = `${RESERVED_PREFIX}public-key`
const COMPRESSED_EVEN = 0x02

export type SignaturePrimitives = HashPrimitives &
  Pick<CurvePrimitives, 'generateScalar' | 'computePoint' | 'decompressPoint' | 'signEcdsa' | 'verifyEcdsa'>

export interface MessageSigner {
  /** The pair that goes into the encryption context. */
  readonly contextEntry: EncryptionContext
  update(part: Uint8Array): void
  /** @returns the signature of everything so far, DER; the signer is then used up */
  sign(): Uint8Array
  /** Overwrites the private key. */
  zeroize(): void
}

export interface MessageVerifier {
  update(part: Uint8Array): void
  /** @returns whether this is the signature of everything so far; the verifier is then used up */
  verify(signature: Uint8Array): boolean
}

export function createMessageSigner(
  provider: SignaturePrimitives,
  { curve, hash }: SuiteSignature,
  entropy: Entropy,
): MessageSigner {
  const scalar = provider.generateScalar(curve, entropy)
  const point = provider.computePoint(curve, scalar)
  if (point === undefined) throw new TypeError('the provider generated a scalar that is none')
  const digest = provider.createHash(hash)
  return {
    contextEntry: { [PUBLIC_KEY_ENTRY]: formatBase64(compressPoint(point)) },
    update: (part) => digest.update(part),
    sign: () => encodeEcdsaSignature(provider.signEcdsa(curve, scalar, digest.digest(), entropy)),
    zeroize: () => scalar.fill(0),
  }
}

/**
 * @param context of the message
 * @returns `undefined` for a context without the public key of a signer
 */
export function createMessageVerifier(
  provider: SignaturePrimitives,
  { curve, hash }: SuiteSignature,
  context: EncryptionContext,
): MessageVerifier | undefined {
  const compressed = hasPublicKey(context) ? parseBase64(context[PUBLIC_KEY_ENTRY] ?? '') : undefined
  const point = compressed && provider.decompressPoint(curve, compressed)
  if (point === undefined) return undefined
  const digest = provider.createHash(hash)
  return {
    update: (part) => digest.update(part),
    verify(encoded) {
      const signature = decodeEcdsaSignature(encoded, scalarLength(point))
      return signature !== undefined && provider.verifyEcdsa(curve, point, digest.digest(), signature)
    },
  }
}

/** Whether the context has a public key of a signer, whatever it is worth. */
export function hasPublicKey(context: EncryptionContext): boolean {
  return Object.hasOwn(context, PUBLIC_KEY_ENTRY)
}

/** @param point uncompressed: 04, x, y. @spec SEC 1 §2.3.3 */
function compressPoint(point: Uint8Array): Uint8Array {
  const compressed = point.slice(0, 1 + scalarLength(point))
  compressed[0] = COMPRESSED_EVEN | ((point.at(-1) ?? 0) & 1)
  return compressed
}

/** Coordinates are as long as scalars on these curves. */
function scalarLength(point: Uint8Array): number {
  return (point.length - 1) / 2
}
