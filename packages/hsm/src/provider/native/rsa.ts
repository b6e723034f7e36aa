/**
 * RSA by OpenSSL, raw: paddings stay ours.
 *
 * OpenSSL blinds private operations from its own generator, and computes once more without the Chinese remainder when a
 * result does not fit the public key, so no faulty result leaves it.
 */

import { type KeyObject, constants, generateKeyPairSync, privateDecrypt, publicEncrypt } from 'node:crypto'
import type { RsaPrimitives, RsaPrivateNumbers } from '../../asymmetric-primitives.ts'
import { decodePkcs8, encodePkcs8 } from '../../encoding/pkcs8.ts'
import { encodeSpki } from '../../encoding/spki.ts'
import { HsmError } from '../../errors.ts'
import { asBytes } from './bytes.ts'
import { importPrivateKey, importPublicKey } from './key-objects.ts'

const PUBLIC_EXPONENT = 65_537
const RAW = { padding: constants.RSA_NO_PADDING } as const

export const nativeRsa: RsaPrimitives = {
  generateRsaKey(modulusBits, _entropy, onProgress) {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: modulusBits,
      publicExponent: PUBLIC_EXPONENT,
      privateKeyEncoding: { format: 'der', type: 'pkcs8' },
      publicKeyEncoding: { format: 'der', type: 'spki' },
    })
    const pkcs8 = asBytes(privateKey)
    try {
      const key = decodePkcs8(pkcs8)
      if (key?.family !== 'rsa') throw new HsmError('FAULT_DETECTED')
      // OpenSSL tells nothing on the way, so all there is to tell is the end.
      onProgress?.({ prime: 2, candidates: 1 })
      return copyNumbers(key.numbers)
    } finally {
      pkcs8.fill(0)
    }
  },

  createRsaPublicKey(numbers) {
    const key = importPublicKey(encodeSpki({ family: 'rsa', numbers }))
    return {
      compute(input) {
        return isBelow(input, numbers.modulus) ? asBytes(publicEncrypt({ key, ...RAW }, input)) : undefined
      },
    }
  },

  createRsaPrivateKey(numbers) {
    let key: KeyObject | undefined = importPrivateKey(encodePkcs8({ family: 'rsa', numbers }))
    const modulus = numbers.modulus.slice()
    return {
      compute(input) {
        if (key === undefined) throw new TypeError('The key was zeroized.')
        return isBelow(input, modulus) ? asBytes(privateDecrypt({ key, ...RAW }, input)) : undefined
      },
      zeroize() {
        // OpenSSL overwrites the key when the object is collected.
        key = undefined
      },
    }
  },
}

/** Both as long. Neither is a secret: the one is a ciphertext or a padded digest, the other the modulus. */
function isBelow(input: Uint8Array, modulus: Uint8Array): boolean {
  for (let i = 0; i < modulus.length; i++) {
    const difference = (input[i] ?? 0) - (modulus[i] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

function copyNumbers(numbers: RsaPrivateNumbers): RsaPrivateNumbers {
  return {
    modulus: numbers.modulus.slice(),
    publicExponent: numbers.publicExponent.slice(),
    privateExponent: numbers.privateExponent.slice(),
    prime1: numbers.prime1.slice(),
    prime2: numbers.prime2.slice(),
    exponent1: numbers.exponent1.slice(),
    exponent2: numbers.exponent2.slice(),
    coefficient: numbers.coefficient.slice(),
  }
}
