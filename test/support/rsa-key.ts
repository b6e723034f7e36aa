/** RSA keys for tests, made by node:crypto or read, with the operations of a provider beside them. */

import { type KeyObject, generateKeyPairSync } from 'node:crypto'
import type {
  RsaPrimitives,
  RsaPrivateKey,
  RsaPrivateNumbers,
  RsaPublicKey,
} from '../../packages/hsm/src/asymmetric-primitives.ts'
import { decodePkcs8 } from '../../packages/hsm/src/encoding/pkcs8.ts'
import { systemEntropy } from '../../packages/hsm/src/entropy.ts'
import { bigintRsa } from '../../packages/hsm/src/provider/bigint-rsa.ts'

export interface RsaTestKey {
  readonly pkcs8: Uint8Array
  readonly numbers: RsaPrivateNumbers
  readonly publicKey: RsaPublicKey
  readonly privateKey: RsaPrivateKey
  readonly nodePublicKey: KeyObject
  readonly nodePrivateKey: KeyObject
}

/** @param publicExponent 65537 unless given */
export function createRsaTestKey(modulusBits: number, publicExponent: number = 0x1_0001): RsaTestKey {
  const pair = generateKeyPairSync('rsa', { modulusLength: modulusBits, publicExponent })
  const pkcs8 = Uint8Array.from(pair.privateKey.export({ type: 'pkcs8', format: 'der' }))
  return {
    ...loadRsaKey(pkcs8),
    pkcs8,
    nodePublicKey: pair.publicKey,
    nodePrivateKey: pair.privateKey,
  }
}

export function loadRsaKey(
  pkcs8: Uint8Array,
  provider: RsaPrimitives = bigintRsa,
): Pick<RsaTestKey, 'numbers' | 'publicKey' | 'privateKey'> {
  const key = decodePkcs8(pkcs8)
  if (key?.family !== 'rsa') throw new Error('not an RSA key')
  const { numbers } = key
  return {
    numbers,
    publicKey: provider.createRsaPublicKey(numbers),
    privateKey: provider.createRsaPrivateKey(numbers, systemEntropy),
  }
}
