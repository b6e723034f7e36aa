/** Shared secrets: by key agreement with a peer, and by encapsulation. */

import { deriveSharedSecret as derive } from '../algorithms/ecdh/ecdh.ts'
import { decapsulate as open, encapsulate as close } from '../algorithms/ml-kem/ml-kem.ts'
import { decodeSpki } from '../encoding/spki.ts'
import { HsmError } from '../errors.ts'
import type { MlKemMaterial } from '../families/loaded-material.ts'
import type { DecapsulateCommand, DeriveSharedSecretCommand, EncapsulateCommand, EncapsulatedSecret } from '../hsm.ts'
import type { Vault } from '../vault.ts'
import { assertAlgorithm } from './assert-algorithm.ts'
import { assertBytesIn } from './assert-arguments.ts'

export function deriveSharedSecret(vault: Vault, command: DeriveSharedSecretCommand): Uint8Array {
  assertBytesIn(command, 'publicKey')
  const { fields, material } = vault.load(command.token, 'KEY_AGREEMENT')
  assertAlgorithm(fields, command.algorithm)
  if (material.family !== 'ec') throw new HsmError('ALGORITHM')
  const peer = decodeSpki(command.publicKey)
  const secret =
    peer?.family === 'ec' && peer.curve === material.curve
      ? material.scalar.use((scalar) => derive(vault.services.provider, material.curve, scalar, peer.point))
      : undefined
  if (secret === undefined) throw new HsmError('INVALID_PUBLIC_KEY')
  return secret
}

export function encapsulate(vault: Vault, command: EncapsulateCommand): EncapsulatedSecret {
  const { provider, entropy } = vault.services
  const { parameters, key } = loadMlKem(vault, command)
  const encapsulated = close(provider, parameters, key.encapsulationKey, entropy)
  // The key is our own; one that fails its check now has been tampered with in memory.
  if (encapsulated === undefined) throw new HsmError('FAULT_DETECTED')
  return encapsulated
}

export function decapsulate(vault: Vault, command: DecapsulateCommand): Uint8Array {
  assertBytesIn(command, 'ciphertext')
  const { parameters, key } = loadMlKem(vault, command)
  const secret = open(key, parameters, command.ciphertext)
  if (secret === undefined) throw new HsmError('AUTHENTICATION_FAILED')
  return secret
}

function loadMlKem(vault: Vault, { token, algorithm }: EncapsulateCommand): MlKemMaterial {
  const { fields, material } = vault.load(token, 'ENCAPSULATE_DECAPSULATE')
  assertAlgorithm(fields, algorithm)
  if (material.family !== 'ml-kem') throw new HsmError('ALGORITHM')
  return material
}
