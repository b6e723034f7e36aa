/** AES-256-GCM, AES-256-KWP, HMAC and digests by OpenSSL. */

import {
  type KeyObject,
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hash,
} from 'node:crypto'
import { concatBytes, releaseBytes } from '../../bytes.ts'
import type { HashName, HashPrimitives } from '../../asymmetric-primitives.ts'
import type { GcmPrimitives, KeyWrapPrimitives, MacPrimitives } from '../../symmetric-primitives.ts'
import { asBytes } from './bytes.ts'

const GCM = 'aes-256-gcm'
const GCM_OPTIONS = { authTagLength: 16 }
const GCM_TAG_LENGTH = 16

export const HASH_NAMES: Readonly<Record<HashName, string>> = {
  'SHA-1': 'sha1',
  'SHA-224': 'sha224',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
}

export const nativeGcm: GcmPrimitives = {
  sealAesGcm(key, nonce, additionalData, plaintext) {
    const cipher = createCipheriv(GCM, key, nonce, GCM_OPTIONS).setAAD(additionalData)
    const ciphertext = cipher.update(plaintext)
    cipher.final()
    const sealed = concatBytes(ciphertext, cipher.getAuthTag())
    releaseBytes(ciphertext)
    return sealed
  },

  openAesGcm(key, nonce, additionalData, sealed) {
    const end = sealed.length - GCM_TAG_LENGTH
    const decipher = createDecipheriv(GCM, key, nonce, GCM_OPTIONS)
    decipher.setAAD(additionalData).setAuthTag(sealed.subarray(end))
    const plaintext = asBytes(decipher.update(sealed.subarray(0, end)))
    try {
      decipher.final()
      return plaintext
    } catch {
      // OpenSSL hands the plaintext out before it knows whether it is genuine; it goes no further.
      plaintext.fill(0)
      return undefined
    }
  },
}

const KWP = 'id-aes256-wrap-pad'
/** The alternative initial value. @spec RFC 5649 §3 */
const KWP_VALUE = Uint8Array.of(0xa6, 0x59, 0x59, 0xa6)

export const nativeKeyWrap: KeyWrapPrimitives = {
  wrapAesKwp(key, material) {
    const cipher = createCipheriv(KWP, key, KWP_VALUE)
    return concatBytes(cipher.update(material), cipher.final())
  },

  unwrapAesKwp(key, wrapped) {
    const decipher = createDecipheriv(KWP, key, KWP_VALUE)
    try {
      const head = asBytes(decipher.update(wrapped))
      const tail = asBytes(decipher.final())
      if (tail.length === 0) return head
      const material = concatBytes(head, tail)
      head.fill(0)
      tail.fill(0)
      return material
    } catch {
      return undefined
    }
  },
}

export const nativeHash: HashPrimitives = {
  digest(name, ...parts) {
    const [only] = parts
    if (only !== undefined && parts.length === 1) return asBytes(hash(HASH_NAMES[name], only, 'buffer'))
    const state = createHash(HASH_NAMES[name])
    for (const part of parts) state.update(part)
    return asBytes(state.digest())
  },

  createHash(name) {
    const state = createHash(HASH_NAMES[name])
    return {
      update(part) {
        state.update(part)
      },
      digest: () => asBytes(state.digest()),
    }
  },
}

export const nativeHmac: MacPrimitives = {
  createHmac(name, key) {
    let prepared: KeyObject | undefined = createSecretKey(key)
    return {
      compute(message) {
        if (prepared === undefined) throw new TypeError('The key was zeroized.')
        return asBytes(createHmac(HASH_NAMES[name], prepared).update(message).digest())
      },
      zeroize() {
        // OpenSSL overwrites the key when the object is collected.
        prepared = undefined
      },
    }
  },
}
