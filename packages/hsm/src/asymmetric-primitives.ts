/**
 * The asymmetric primitives that the boundary asks of a provider, synchronous on `Uint8Array`.
 *
 * Raw numbers and points only: paddings, DER and message digests belong to the algorithms above. Integers are
 * big-endian; private values belong to the caller, who zeroizes them. A key that serves more than one message is
 * prepared once (`create...`) and zeroized by whoever prepared it.
 */

import type { Entropy } from './entropy.ts'

/** Big-endian, without leading zeros. */
export interface RsaPublicNumbers {
  readonly modulus: Uint8Array
  readonly publicExponent: Uint8Array
}

/** @spec RFC 8017 §3.2, the second representation, with the private exponent kept for encoding */
export interface RsaPrivateNumbers extends RsaPublicNumbers {
  readonly privateExponent: Uint8Array
  readonly prime1: Uint8Array
  readonly prime2: Uint8Array
  readonly exponent1: Uint8Array
  readonly exponent2: Uint8Array
  readonly coefficient: Uint8Array
}

export interface RsaPublicKey {
  /**
   * RSAEP and RSAVP1. @spec RFC 8017 §5.1.1, §5.2.2
   *
   * @param input as long as the modulus
   * @returns as long as the modulus, or `undefined` when the input is not below the modulus
   */
  compute(input: Uint8Array): Uint8Array | undefined
}

export interface RsaPrivateKey {
  /**
   * RSADP and RSASP1, blinded, and checked against the public key before the result leaves. @spec RFC 8017 §5.1.2, §5.2.1
   *
   * @param input as long as the modulus
   * @returns as long as the modulus, or `undefined` when the input is not below the modulus
   * @throws HsmError `FAULT_DETECTED` when the result does not fit the public key; it is not released
   */
  compute(input: Uint8Array): Uint8Array | undefined
  zeroize(): void
}

/** Told now and then how a long key generation goes: how many candidates were tried for which prime. */
export type GenerationProgress = (progress: { readonly prime: 1 | 2; readonly candidates: number }) => void

export interface RsaPrimitives {
  /** @spec FIPS 186-5 §A.1.3 (probable primes), public exponent 65537 */
  generateRsaKey(modulusBits: number, entropy: Entropy, onProgress?: GenerationProgress): RsaPrivateNumbers
  createRsaPublicKey(key: RsaPublicNumbers): RsaPublicKey
  /** @param entropy draws the blinding factors */
  createRsaPrivateKey(key: RsaPrivateNumbers, entropy: Entropy): RsaPrivateKey
}

export type Curve = 'P-256' | 'P-384' | 'P-521' | 'secp256k1'

/** Points are uncompressed: 04, x, y. Scalars and coordinates have the curve's fixed length. */
export interface CurvePrimitives {
  /** @returns a private scalar from 1 to n - 1. @spec FIPS 186-5 §A.2 */
  generateScalar(curve: Curve, entropy: Entropy): Uint8Array
  /** @returns the public point, or `undefined` for a scalar that is zero or not below n */
  computePoint(curve: Curve, scalar: Uint8Array): Uint8Array | undefined
  /** @returns whether the bytes are a point of the curve other than infinity. @spec SP 800-56A §5.6.2.3.3 */
  isPoint(curve: Curve, point: Uint8Array): boolean
  /**
   * @param compressed 02 or 03, x
   * @returns the uncompressed point, or `undefined` for what is not a compressed point of the curve. @spec SEC 1 §2.3.4
   */
  decompressPoint(curve: Curve, compressed: Uint8Array): Uint8Array | undefined
  /** @returns r and s, each of the curve's length; hedged with `entropy`; s is not made low. @spec FIPS 186-5 §6.4.1 */
  signEcdsa(curve: Curve, scalar: Uint8Array, digest: Uint8Array, entropy: Entropy): Uint8Array
  /** @param signature r and s, each of the curve's length */
  verifyEcdsa(curve: Curve, point: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean
  /** @returns the shared x-coordinate, or `undefined` for a peer's point that is none. @spec SP 800-56A §5.7.1.2 */
  deriveEcdh(curve: Curve, scalar: Uint8Array, peerPoint: Uint8Array): Uint8Array | undefined

  /** @param seed 32 bytes; @returns 32 bytes. @spec RFC 8032 §5.1.5 */
  computeEd25519PublicKey(seed: Uint8Array): Uint8Array
  /** @param isPrehashed Ed25519ph with an empty context: `message` is hashed with SHA-512 first. @spec RFC 8032 §5.1.6 */
  signEd25519(seed: Uint8Array, message: Uint8Array, isPrehashed: boolean): Uint8Array
  verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array, isPrehashed: boolean): boolean
}

export type MlDsaParameters = 'ML-DSA-44' | 'ML-DSA-65' | 'ML-DSA-87'
export type MlKemParameters = 'ML-KEM-512' | 'ML-KEM-768' | 'ML-KEM-1024'

/** A prepared key pair; the expanded private key stays inside. */
export interface MlDsaKey {
  readonly publicKey: Uint8Array
  /** @param mu 64 bytes. Hedged with 32 bytes of `entropy`. @spec FIPS 204 §6.2 */
  sign(mu: Uint8Array, entropy: Entropy): Uint8Array
  zeroize(): void
}

export interface MlKemKey {
  readonly encapsulationKey: Uint8Array
  /** @returns the 32-byte shared secret; a pseudo-random one for a ciphertext that is none. @spec FIPS 203 §7.3 */
  decapsulate(ciphertext: Uint8Array): Uint8Array
  zeroize(): void
}

export interface LatticePrimitives {
  /** @param seed 32 bytes. @spec FIPS 204 §6.1 */
  createMlDsaKey(parameters: MlDsaParameters, seed: Uint8Array): MlDsaKey
  /** μ of a message under the pure scheme with an empty context string. @spec FIPS 204 §5.2, §6.2 */
  computeMlDsaMu(publicKey: Uint8Array, message: Uint8Array): Uint8Array
  verifyMlDsa(parameters: MlDsaParameters, publicKey: Uint8Array, mu: Uint8Array, signature: Uint8Array): boolean

  /** @param seed 64 bytes, d and z. @spec FIPS 203 §7.1 */
  createMlKemKey(parameters: MlKemParameters, seed: Uint8Array): MlKemKey
  /** @returns `undefined` for an encapsulation key that fails its check. @spec FIPS 203 §7.2 */
  encapsulate(
    parameters: MlKemParameters,
    encapsulationKey: Uint8Array,
    entropy: Entropy,
  ): { readonly sharedSecret: Uint8Array; readonly ciphertext: Uint8Array } | undefined
}

/** Digests and MACs for every hash of the API. SHA-1 serves OAEP alone. */
export type HashName = 'SHA-1' | 'SHA-224' | 'SHA-256' | 'SHA-384' | 'SHA-512'

export interface HashPrimitives {
  digest(hash: HashName, ...parts: readonly Uint8Array[]): Uint8Array
  /** Begins a digest of what comes piece by piece and is nowhere whole. */
  createHash(hash: HashName): RunningHash
}

/** A digest on its way. */
export interface RunningHash {
  /** @param part not kept */
  update(part: Uint8Array): void
  /** @returns the digest of all parts. Neither method may be called afterwards. */
  digest(): Uint8Array
}
