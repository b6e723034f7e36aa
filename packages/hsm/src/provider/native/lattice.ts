/**
 * ML-DSA over whole messages, and ML-KEM, by OpenSSL.
 *
 * node:crypto takes no external μ, so that way is the kernels', prepared only when it is first asked for. Hedging and
 * encapsulation draw from OpenSSL's own generator.
 */

// As a whole, since an older Node does not export all of these by name.
import * as crypto from 'node:crypto'
import type { LatticePrimitives, MlDsaKey, MlDsaParameters, MlKemParameters } from '../../asymmetric-primitives.ts'
import { decodeSpki, encodeSpki } from '../../encoding/spki.ts'
import { encodePkcs8 } from '../../encoding/pkcs8.ts'
import { HsmError } from '../../errors.ts'
import type { MessageMlDsaKey, MessagePrimitives } from '../../message-primitives.ts'
import { kernelsProvider } from '../kernels/kernels.ts'
import { asBytes } from './bytes.ts'
import { KeyObjects, importPrivateKey, importPublicKey } from './key-objects.ts'

type MlDsaPrimitives = Required<Pick<MessagePrimitives, 'verifyMlDsaMessage'>> & {
  createMlDsaKey(parameters: MlDsaParameters, seed: Uint8Array): MessageMlDsaKey
}
type MlKemPrimitives = Pick<LatticePrimitives, 'createMlKemKey' | 'encapsulate'>

export function createNativeMlDsa(): MlDsaPrimitives {
  const publicKeys = new KeyObjects()
  return {
    createMlDsaKey: createNativeMlDsaKey,

    verifyMlDsaMessage(parameters, publicKey, message, signature) {
      const key = publicKeys.find(publicKey, () =>
        importPublicKey(encodeSpki({ family: 'ml-dsa', parameters, publicKey })),
      )
      return crypto.verify(null, message, key, signature)
    },
  }
}

function createNativeMlDsaKey(parameters: MlDsaParameters, seed: Uint8Array): MessageMlDsaKey {
  const ownSeed = seed.slice()
  let key: crypto.KeyObject | undefined = importPrivateKey(encodePkcs8({ family: 'ml-dsa', parameters, seed }))
  let byMu: MlDsaKey | undefined
  return {
    publicKey: exportPublicKey(key),
    sign(mu, entropy) {
      if (key === undefined) throw new TypeError('The key was zeroized.')
      byMu ??= kernelsProvider.createMlDsaKey(parameters, ownSeed)
      return byMu.sign(mu, entropy)
    },
    signMessage(message) {
      if (key === undefined) throw new TypeError('The key was zeroized.')
      return asBytes(crypto.sign(null, message, key))
    },
    zeroize() {
      // OpenSSL overwrites the key when the object is collected.
      key = undefined
      ownSeed.fill(0)
      byMu?.zeroize()
    },
  }
}

export function createNativeMlKem(): MlKemPrimitives {
  const encapsulationKeys = new KeyObjects()
  return {
    createMlKemKey(parameters, seed) {
      let key: crypto.KeyObject | undefined = importPrivateKey(encodePkcs8({ family: 'ml-kem', parameters, seed }))
      return {
        encapsulationKey: exportPublicKey(key),
        decapsulate(ciphertext) {
          if (key === undefined) throw new TypeError('The key was zeroized.')
          return asBytes(crypto.decapsulate(key, ciphertext))
        },
        zeroize() {
          key = undefined
        },
      }
    },

    encapsulate(parameters, encapsulationKey) {
      const key = findEncapsulationKey(encapsulationKeys, parameters, encapsulationKey)
      if (key === undefined) return undefined
      const { sharedKey, ciphertext } = crypto.encapsulate(key)
      return { sharedSecret: asBytes(sharedKey), ciphertext: asBytes(ciphertext) }
    },
  }
}

/** @returns `undefined` for a key with a coefficient that is not reduced: importing one checks it. @spec FIPS 203 §7.2 */
function findEncapsulationKey(
  keys: KeyObjects,
  parameters: MlKemParameters,
  publicKey: Uint8Array,
): crypto.KeyObject | undefined {
  try {
    return keys.find(publicKey, () => importPublicKey(encodeSpki({ family: 'ml-kem', parameters, publicKey })))
  } catch {
    return undefined
  }
}

function exportPublicKey(privateKey: crypto.KeyObject): Uint8Array {
  const spki = decodeSpki(asBytes(crypto.createPublicKey(privateKey).export({ format: 'der', type: 'spki' })))
  if (spki?.family !== 'ml-dsa' && spki?.family !== 'ml-kem') throw new HsmError('FAULT_DETECTED')
  return spki.publicKey.slice()
}
