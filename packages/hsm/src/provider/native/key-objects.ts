/**
 * Imported keys, kept for as long as the bytes they were made of.
 *
 * Importing a private key costs as much as two signatures, since OpenSSL computes the public half. An entry is found by
 * the array itself and used only while the array still holds what it held. When the array goes, the key goes with it;
 * OpenSSL overwrites it then, at a time of the garbage collector's choosing.
 */

import { type KeyObject, createPrivateKey, createPublicKey, hash } from 'node:crypto'
import { equalBytes } from '../../bytes.ts'

interface Entry {
  readonly fingerprint: Uint8Array
  readonly key: KeyObject
}

export class KeyObjects {
  readonly #entries = new WeakMap<Uint8Array, Entry>()

  /** @param make imports the key; what it throws is passed on */
  find(bytes: Uint8Array, make: () => KeyObject): KeyObject {
    const fingerprint = hash('sha256', bytes, 'buffer')
    const known = this.#entries.get(bytes)
    if (known !== undefined && equalBytes(known.fingerprint, fingerprint)) return known.key
    const key = make()
    this.#entries.set(bytes, { fingerprint, key })
    return key
  }
}

// node:crypto takes any bytes as a key, but its types say `Buffer`.

/** Imports PKCS#8 and zeroizes it. */
export function importPrivateKey(pkcs8: Uint8Array): KeyObject {
  try {
    return createPrivateKey({ key: pkcs8 as Buffer, format: 'der', type: 'pkcs8' })
  } finally {
    pkcs8.fill(0)
  }
}

/** @throws whatever OpenSSL finds wrong with the key */
export function importPublicKey(spki: Uint8Array): KeyObject {
  return createPublicKey({ key: spki as Buffer, format: 'der', type: 'spki' })
}
