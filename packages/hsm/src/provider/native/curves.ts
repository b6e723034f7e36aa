/**
 * ECDH, Ed25519, and ECDSA over whole messages by OpenSSL.
 *
 * node:crypto signs messages, not digests, and has no Ed25519ph: those, and drawing scalars from our own entropy, are left
 * to the provider behind it. OpenSSL draws its nonces from its own generator.
 * OpenSSL verifies Ed25519 by the equation without the cofactor, the others by the one with it. They part only over
 * signatures that whoever holds the private key has made so on purpose, and the keys here are our own.
 */

import { ECDH, type KeyObject, createECDH, diffieHellman, sign, verify } from 'node:crypto'
import type { Curve, CurvePrimitives } from '../../asymmetric-primitives.ts'
import { encodePkcs8 } from '../../encoding/pkcs8.ts'
import { encodeSpki } from '../../encoding/spki.ts'
import type { MessagePrimitives } from '../../message-primitives.ts'
import { kernelsProvider } from '../kernels/kernels.ts'
import { asBytes } from './bytes.ts'
import { KeyObjects, importPrivateKey, importPublicKey } from './key-objects.ts'
import { HASH_NAMES } from './symmetric.ts'

const CURVE_NAMES: Readonly<Record<Curve, string>> = {
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
  secp256k1: 'secp256k1',
}

const UNCOMPRESSED = 0x04
const COMPRESSED_EVEN = 0x02
const COMPRESSED_ODD = 0x03
/** r and s side by side, each of the curve's length. */
const ENCODING = 'ieee-p1363'

type EcdsaMessages = Required<Pick<MessagePrimitives, 'signEcdsaMessage' | 'verifyEcdsaMessage'>>
type Agreement = Pick<CurvePrimitives, 'computePoint' | 'isPoint' | 'decompressPoint' | 'deriveEcdh'>
type Ed25519 = Pick<CurvePrimitives, 'signEd25519' | 'verifyEd25519'>

/** Imports the halves of EC keys, each once. */
class EcKeys {
  readonly #scalars = new KeyObjects()
  readonly #points = new KeyObjects()

  findScalar(curve: Curve, scalar: Uint8Array): KeyObject {
    return this.#scalars.find(scalar, () => importPrivateKey(encodePkcs8({ family: 'ec', curve, scalar })))
  }

  findPoint(curve: Curve, point: Uint8Array): KeyObject {
    return this.#points.find(point, () => importPublicKey(encodeSpki({ family: 'ec', curve, point })))
  }
}

export function createNativeEcdsa(): EcdsaMessages {
  const keys = new EcKeys()
  return {
    signEcdsaMessage(curve, scalar, hash, message) {
      return asBytes(sign(HASH_NAMES[hash], message, { key: keys.findScalar(curve, scalar), dsaEncoding: ENCODING }))
    },

    verifyEcdsaMessage(curve, point, hash, message, signature) {
      if (!isPoint(curve, point)) return false
      return verify(HASH_NAMES[hash], message, { key: keys.findPoint(curve, point), dsaEncoding: ENCODING }, signature)
    },
  }
}

export function createNativeAgreement(): Agreement {
  const keys = new EcKeys()
  return {
    computePoint(curve, scalar) {
      try {
        const pair = createECDH(CURVE_NAMES[curve])
        pair.setPrivateKey(scalar)
        return asBytes(pair.getPublicKey())
      } catch {
        // OpenSSL refuses a scalar that is zero or not below n, which is all that can be wrong here.
        return undefined
      }
    },

    isPoint,

    decompressPoint(curve, compressed) {
      // Longer or shorter is refused by OpenSSL; 04, the hybrid forms and infinity are refused here.
      if (compressed[0] !== COMPRESSED_EVEN && compressed[0] !== COMPRESSED_ODD) return undefined
      return convertPoint(curve, compressed)
    },

    deriveEcdh(curve, scalar, peerPoint) {
      if (!isPoint(curve, peerPoint)) return undefined
      const pair = { privateKey: keys.findScalar(curve, scalar), publicKey: keys.findPoint(curve, peerPoint) }
      return asBytes(diffieHellman(pair))
    },
  }
}

export function createNativeEd25519(): Ed25519 {
  const seeds = new KeyObjects()
  const publicKeys = new KeyObjects()
  const findSeed = (seed: Uint8Array) =>
    seeds.find(seed, () => importPrivateKey(encodePkcs8({ family: 'edwards', seed })))
  const findPublicKey = (publicKey: Uint8Array) =>
    publicKeys.find(publicKey, () => importPublicKey(encodeSpki({ family: 'edwards', publicKey })))

  return {
    signEd25519(seed, message, isPrehashed) {
      if (isPrehashed) return kernelsProvider.signEd25519(seed, message, true)
      return asBytes(sign(null, message, findSeed(seed)))
    },

    verifyEd25519(publicKey, message, signature, isPrehashed) {
      if (isPrehashed) return kernelsProvider.verifyEd25519(publicKey, message, signature, true)
      return verify(null, message, findPublicKey(publicKey), signature)
    },
  }
}

function isPoint(curve: Curve, point: Uint8Array): boolean {
  return point[0] === UNCOMPRESSED && convertPoint(curve, point) !== undefined
}

/** Decoding a point checks that it is on the curve; the cofactor is 1, so that is all. */
function convertPoint(curve: Curve, point: Uint8Array): Uint8Array | undefined {
  try {
    const converted = ECDH.convertKey(point, CURVE_NAMES[curve], undefined, undefined, 'uncompressed')
    // Without an encoding that it names, it answers with bytes, whatever the types say.
    return typeof converted === 'string' ? undefined : asBytes(converted)
  } catch {
    return undefined
  }
}
