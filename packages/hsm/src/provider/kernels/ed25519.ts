/** Ed25519 as the boundary asks for it: the hashing here, curve and scalars from their kernel. @spec RFC 8032 §5.1 */

import type { Edwards25519Kernel } from '@softkms/kernels'
import { passesEd25519Cast } from '../../algorithms/eddsa/cast.ts'
import type { CurvePrimitives, HashPrimitives } from '../../asymmetric-primitives.ts'
import { encodeUtf8 } from '../../host.ts'
import { nobleProvider } from '../noble.ts'

export type Ed25519Primitives = Pick<CurvePrimitives, 'computeEd25519PublicKey' | 'signEd25519' | 'verifyEd25519'>

const ENCODED_LENGTH = 32

/** What Ed25519ph with an empty context hashes before all else; Ed25519 nothing. @spec RFC 8032 §2 (dom2) */
const PREHASH_DOMAIN_TEXT = 'SigEd25519 no Ed25519 collisions\u0001\u0000'

/** @param hashes SHA-512 */
export async function loadEd25519(
  create: () => Promise<Edwards25519Kernel>,
  hashes: Pick<HashPrimitives, 'digest'>,
): Promise<Ed25519Primitives> {
  const kernel = await create()
  const hash = (...parts: readonly Uint8Array[]): Uint8Array => hashes.digest('SHA-512', ...parts)
  const hashToScalar = (...parts: readonly Uint8Array[]): Uint8Array => {
    const wide = hash(...parts)
    const scalar = kernel.reduce(wide)
    wide.fill(0)
    return scalar
  }
  const prepare = (message: Uint8Array, isPrehashed: boolean): readonly [domain: Uint8Array, message: Uint8Array] =>
    isPrehashed ? [encodeUtf8(PREHASH_DOMAIN_TEXT), hash(message)] : [new Uint8Array(0), message]

  return {
    computeEd25519PublicKey(seed) {
      const expanded = expandSeed(hash(seed))
      const publicKey = kernel.multiplyBase(expanded.subarray(0, ENCODED_LENGTH))
      expanded.fill(0)
      return publicKey
    },

    signEd25519(seed, given, isPrehashed) {
      const [domain, message] = prepare(given, isPrehashed)
      const expanded = expandSeed(hash(seed))
      const secret = expanded.subarray(0, ENCODED_LENGTH)
      const nonce = hashToScalar(domain, expanded.subarray(ENCODED_LENGTH), message)
      const publicKey = kernel.multiplyBase(secret)
      const signature = new Uint8Array(2 * ENCODED_LENGTH)
      signature.set(kernel.multiplyBase(nonce))
      const challenge = hashToScalar(domain, signature.subarray(0, ENCODED_LENGTH), publicKey, message)
      signature.set(kernel.multiplyAdd(challenge, secret, nonce), ENCODED_LENGTH)
      expanded.fill(0)
      nonce.fill(0)
      return signature
    },

    verifyEd25519(publicKey, given, signature, isPrehashed) {
      const [domain, message] = prepare(given, isPrehashed)
      const challenge = hashToScalar(domain, signature.subarray(0, ENCODED_LENGTH), publicKey, message)
      return kernel.verify(publicKey, signature, challenge)
    },
  }
}

export function passesEd25519(ed25519: Ed25519Primitives): boolean {
  return passesEd25519Cast({ ...nobleProvider, ...ed25519 })
}

/** Makes a scalar of the first half, in place; the second goes into the nonce. @spec RFC 8032 §5.1.5 */
function expandSeed(hash: Uint8Array): Uint8Array {
  hash[0] = (hash[0] ?? 0) & 0xf8
  hash[31] = ((hash[31] ?? 0) & 0x7f) | 0x40
  return hash
}
