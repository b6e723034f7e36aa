/**
 * ECDSA, ECDH and Ed25519 from @noble/curves.
 *
 * What a result depends on (private scalars, hedging) is drawn from the `Entropy` port. The factors by which noble
 * blinds its scalar multiplications it takes from the runtime itself: they change no result and are no key material.
 */

import { ed25519, ed25519ph } from '@noble/curves/ed25519.js'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { Curve, CurvePrimitives } from '../asymmetric-primitives.ts'
import { drawBytes } from '../entropy.ts'

const CURVES = {
  'P-256': p256,
  'P-384': p384,
  'P-521': p521,
  secp256k1,
} as const satisfies Readonly<Record<Curve, unknown>>

/** Input is a digest already, a signature with a high s is as good as another, and r || s has a fixed length. */
const ECDSA = { prehash: false, lowS: false, format: 'compact' } as const

/**
 * Strict decoding: FIPS 186-5 §7.7.2 and RFC 8032 §5.1.7 refuse a y or an S that is not reduced, which ZIP 215 admits
 * for the sake of block chains. The equation is the one with the cofactor, as FIPS 186-5 has it. Public keys of small
 * order, under which one signature fits many messages, are refused too.
 */
const EDDSA = { zip215: false } as const

const UNCOMPRESSED = 0x04

export const nobleCurves: CurvePrimitives = {
  generateScalar(curve, entropy) {
    const { lengths, utils } = CURVES[curve]
    // At least 64 bits more than the order has, reduced: a bias nobody can see. @spec FIPS 186-5 §A.2.1
    const seed = drawBytes(entropy, lengths.seed ?? 0)
    try {
      return utils.randomSecretKey(seed)
    } finally {
      seed.fill(0)
    }
  },

  computePoint(curve, scalar) {
    const { getPublicKey, utils } = CURVES[curve]
    return utils.isValidSecretKey(scalar) ? getPublicKey(scalar, false) : undefined
  },

  isPoint(curve, point) {
    // The cofactor of these curves is 1, so a point of the curve is a point of the group.
    return point[0] === UNCOMPRESSED && CURVES[curve].utils.isValidPublicKey(point, false)
  },

  decompressPoint(curve, compressed) {
    const { Point, utils } = CURVES[curve]
    // Only the compressed form may pass: `fromBytes` reads both.
    return utils.isValidPublicKey(compressed, true) ? Point.fromBytes(compressed).toBytes(false) : undefined
  },

  signEcdsa(curve, scalar, digest, entropy) {
    // RFC 6979 §3.6: the nonce depends on key and digest, and on fresh bytes, so that neither a bad generator nor a
    // fault that is repeated on one message gives the key away.
    const extraEntropy = drawBytes(entropy, CURVES[curve].lengths.secretKey ?? 0)
    try {
      return CURVES[curve].sign(digest, scalar, { ...ECDSA, extraEntropy })
    } finally {
      extraEntropy.fill(0)
    }
  },

  verifyEcdsa(curve, point, digest, signature) {
    return CURVES[curve].verify(signature, digest, point, ECDSA)
  },

  deriveEcdh(curve, scalar, peerPoint) {
    if (!nobleCurves.isPoint(curve, peerPoint)) return undefined
    const shared = CURVES[curve].getSharedSecret(scalar, peerPoint, false)
    const x = shared.slice(1, 1 + (shared.length - 1) / 2)
    shared.fill(0)
    return x
  },

  computeEd25519PublicKey(seed) {
    return ed25519.getPublicKey(seed)
  },

  signEd25519(seed, message, isPrehashed) {
    return (isPrehashed ? ed25519ph : ed25519).sign(message, seed)
  },

  verifyEd25519(publicKey, message, signature, isPrehashed) {
    return (isPrehashed ? ed25519ph : ed25519).verify(signature, message, publicKey, EDDSA)
  },
}
