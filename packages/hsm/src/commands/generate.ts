/** New key material: generated, imported, and wrapped anew. */

import { decodeRsaAesKeyWrap } from '../algorithms/key-wrap/rsa-aes-key-wrap.ts'
import { KWP_KEY_LENGTH, unwrapAesKwp } from '../algorithms/key-wrap/aes-kwp.ts'
import { checkRsaKey } from '../algorithms/rsa/check-key.ts'
import { decryptOaep } from '../algorithms/rsa/oaep.ts'
import type { GenerationProgress, HashName } from '../asymmetric-primitives.ts'
import { decodePkcs8 } from '../encoding/pkcs8.ts'
import { HsmError } from '../errors.ts'
import { type LoadedMaterial, type RsaMaterial, zeroizeMaterial } from '../families/loaded-material.ts'
import { generateMaterial, loadMaterial, publicKeyOf } from '../families/material.ts'
import { passesPairWiseTest } from '../families/pair-wise.ts'
import type { GenerateKeyCommand, GeneratedKey, ImportKeyCommand, WrappingAlgorithm } from '../hsm.ts'
import { KEY_ORIGIN_CODES, KEY_SPECS, type KeySpec, hasPublicKey } from '../key-spec.ts'
import type { Services } from '../services.ts'
import type { Vault } from '../vault.ts'
import { assertBytesIn, assertOneOf } from './assert-arguments.ts'

export function generateKey(vault: Vault, command: GenerateKeyCommand): GeneratedKey {
  assertKind(command)
  const { material } = generateTested(vault, command.keySpec, command.onProgress)
  try {
    return vault.wrap({ ...command, isExtractable: false }, material)
  } finally {
    material.fill(0)
  }
}

export interface TestedMaterial {
  /** The caller zeroizes it. */
  readonly material: Uint8Array
  /** SubjectPublicKeyInfo, for families that have a public half. */
  readonly publicKey: Uint8Array | undefined
}

/**
 * Generates material that has passed its pair-wise consistency test.
 *
 * @throws HsmError `SELF_TEST_FAILED`, and the module is in its error state, when it has not
 */
export function generateTested(vault: Vault, spec: KeySpec, onProgress?: GenerationProgress): TestedMaterial {
  vault.prepare(spec)
  const material = generateMaterial(vault.services, spec, onProgress)
  if (!hasPublicKey(spec)) return { material, publicKey: undefined }
  try {
    return { material, publicKey: vault.testPair(spec, () => tryPair(vault.services, spec, material)) }
  } catch (error) {
    material.fill(0)
    throw error
  }
}

/** @returns the public half, or `undefined` when the two halves are not one pair, however that shows */
function tryPair(services: Services, spec: KeySpec, material: Uint8Array): Uint8Array | undefined {
  let loaded: LoadedMaterial | undefined
  try {
    loaded = loadMaterial(services, spec, material)
    return loaded !== undefined && passesPairWiseTest(services, loaded) ? publicKeyOf(loaded) : undefined
  } catch {
    return undefined
  } finally {
    if (loaded !== undefined) zeroizeMaterial(loaded)
  }
}

export function importKey(vault: Vault, command: ImportKeyCommand): GeneratedKey {
  const { keySpec, wrappingAlgorithm, wrappedMaterial } = command
  assertBytesIn(command, 'wrappedMaterial')
  assertOneOf('wrappingAlgorithm', WRAPPING_HASHES, wrappingAlgorithm)
  assertKind(command)
  const wrappingKey = vault.load(command.wrappingToken, 'UNWRAP').material
  if (wrappingKey.family !== 'rsa') throw new HsmError('ALGORITHM')
  const material = unwrap(vault.services, wrappingKey, wrappingAlgorithm, wrappedMaterial)
  if (material === undefined) throw new HsmError('AUTHENTICATION_FAILED')
  try {
    assertMaterial(vault, keySpec, material)
    return vault.wrap({ ...command, isExtractable: false }, material)
  } finally {
    material.fill(0)
  }
}

const WRAPPING_HASHES: Readonly<Record<WrappingAlgorithm, HashName>> = {
  RSAES_OAEP_SHA_1: 'SHA-1',
  RSAES_OAEP_SHA_256: 'SHA-256',
  RSA_AES_KEY_WRAP_SHA_1: 'SHA-1',
  RSA_AES_KEY_WRAP_SHA_256: 'SHA-256',
}

/** @returns the material, the caller's to zeroize, or `undefined` when it does not unwrap, however it fails */
function unwrap(
  { provider }: Services,
  { privateKey, numbers }: RsaMaterial,
  algorithm: WrappingAlgorithm,
  wrapped: Uint8Array,
): Uint8Array | undefined {
  const hash = WRAPPING_HASHES[algorithm]
  if (!algorithm.startsWith('RSA_AES_KEY_WRAP')) return decryptOaep(provider, privateKey, numbers, hash, wrapped)
  const parts = decodeRsaAesKeyWrap(wrapped, numbers.modulus.length)
  const key = parts && decryptOaep(provider, privateKey, numbers, hash, parts.wrappedKey)
  if (parts === undefined || key === undefined) return undefined
  try {
    return key.length === KWP_KEY_LENGTH ? unwrapAesKwp(provider, key, parts.wrappedMaterial) : undefined
  } finally {
    key.fill(0)
  }
}

/** Tries the material as a key of the spec, its halves and its numbers. @throws HsmError `INVALID_MATERIAL` */
function assertMaterial(vault: Vault, spec: KeySpec, material: Uint8Array): void {
  vault.prepare(spec)
  const row = KEY_SPECS[spec]
  if (row.family === 'rsa') {
    const key = decodePkcs8(material)
    // The size first: whether primes are primes takes long.
    const isKey =
      key?.family === 'rsa' &&
      key.numbers.modulus.length * 8 === row.modulusBits &&
      checkRsaKey(key.numbers, vault.services.entropy)
    if (!isKey) throw new HsmError('INVALID_MATERIAL')
  }
  if (hasPublicKey(spec)) {
    if (tryPair(vault.services, spec, material) === undefined) throw new HsmError('INVALID_MATERIAL')
    return
  }
  const loaded = loadMaterial(vault.services, spec, material)
  if (loaded === undefined) throw new HsmError('INVALID_MATERIAL')
  zeroizeMaterial(loaded)
}

function assertKind({ keySpec, keyUsage, origin }: Pick<GenerateKeyCommand, 'keySpec' | 'keyUsage' | 'origin'>): void {
  assertOneOf('keySpec', KEY_SPECS, keySpec)
  assertOneOf('origin', KEY_ORIGIN_CODES, origin)
  if (!KEY_SPECS[keySpec].usages.includes(keyUsage)) throw new HsmError('KEY_USAGE')
}
