/**
 * Sign and verify, for every family that signs.
 *
 * @spec KMS crypto-details §7
 */

import { SIGNING_ALGORITHMS, type MessageType, type RsaSigningAlgorithm, digestLength } from '../algorithm-name.ts'
import { signEcdsaDigest, signEcdsaMessage, verifyEcdsaDigest, verifyEcdsaMessage } from '../algorithms/ecdsa/ecdsa.ts'
import { SCALAR_LENGTHS } from '../algorithms/elliptic-curve.ts'
import { signEd25519, signEd25519ph, verifyEd25519, verifyEd25519ph } from '../algorithms/eddsa/eddsa.ts'
import {
  ML_DSA_MU_LENGTH,
  signMlDsaMessage,
  signMlDsaMu,
  verifyMlDsaMessage,
  verifyMlDsaMu,
} from '../algorithms/ml-dsa/ml-dsa.ts'
import { signPkcs1, verifyPkcs1 } from '../algorithms/rsa/pkcs1.ts'
import { signPss, verifyPss } from '../algorithms/rsa/pss.ts'
import type { HashName } from '../asymmetric-primitives.ts'
import { decodeEcdsaSignature, encodeEcdsaSignature } from '../encoding/ecdsa-signature.ts'
import { assertBytes } from '../bytes.ts'
import { HsmError } from '../errors.ts'
import type { EcMaterial, RsaMaterial } from '../families/loaded-material.ts'
import type { SignCommand, VerifyCommand } from '../hsm.ts'
import type { Services } from '../services.ts'
import type { Vault } from '../vault.ts'
import { assertAlgorithm } from './assert-algorithm.ts'

export function sign(vault: Vault, command: SignCommand): Uint8Array {
  const { services } = vault
  const { provider, entropy } = services
  const { message, messageType } = command
  const { fields, material } = vault.load(command.token, 'SIGN_VERIFY')
  assertAlgorithm(fields, command.algorithm)
  assertMessage(command)
  switch (material.family) {
    case 'rsa':
      return signRsa(services, material, command)
    case 'ec':
      return encodeEcdsaSignature(signEc(services, material, command))
    case 'edwards': {
      const signWith = isRaw(messageType) ? signEd25519 : signEd25519ph
      return material.seed.use((seed) => signWith(provider, seed, message))
    }
    case 'ml-dsa': {
      const { key } = material
      return isRaw(messageType) ? signMlDsaMessage(provider, key, message, entropy) : signMlDsaMu(key, message, entropy)
    }
    default:
      throw new HsmError('ALGORITHM')
  }
}

export function verify(vault: Vault, command: VerifyCommand): boolean {
  const { services } = vault
  const { provider } = services
  const { message, messageType, signature } = command
  assertBytes('signature', signature)
  const { fields, material } = vault.load(command.token, 'SIGN_VERIFY')
  assertAlgorithm(fields, command.algorithm)
  assertMessage(command)
  switch (material.family) {
    case 'rsa':
      return verifyRsa(services, material, command)
    case 'ec':
      return verifyEc(services, material, command)
    case 'edwards': {
      const { publicKey } = material
      return isRaw(messageType)
        ? verifyEd25519(provider, publicKey, message, signature)
        : verifyEd25519ph(provider, publicKey, message, signature)
    }
    case 'ml-dsa': {
      const { parameters, key } = material
      return isRaw(messageType)
        ? verifyMlDsaMessage(provider, parameters, key.publicKey, message, signature)
        : verifyMlDsaMu(provider, parameters, key.publicKey, message, signature)
    }
    default:
      throw new HsmError('ALGORITHM')
  }
}

function signRsa(
  { provider, entropy }: Services,
  { privateKey, numbers }: RsaMaterial,
  command: SignCommand,
): Uint8Array {
  const algorithm = command.algorithm as RsaSigningAlgorithm
  const hash = hashOf(command)
  const digest = digestOf(provider, hash, command)
  return isPss(algorithm)
    ? signPss(provider, privateKey, numbers, hash, digest, entropy)
    : signPkcs1(privateKey, numbers, hash, digest)
}

function verifyRsa({ provider }: Services, { publicKey, numbers }: RsaMaterial, command: VerifyCommand): boolean {
  const algorithm = command.algorithm as RsaSigningAlgorithm
  const hash = hashOf(command)
  const digest = digestOf(provider, hash, command)
  return isPss(algorithm)
    ? verifyPss(provider, publicKey, numbers, hash, digest, command.signature)
    : verifyPkcs1(publicKey, numbers, hash, digest, command.signature)
}

function signEc({ provider, entropy }: Services, { curve, scalar }: EcMaterial, command: SignCommand): Uint8Array {
  return scalar.use((bytes) =>
    isRaw(command.messageType)
      ? signEcdsaMessage(provider, curve, hashOf(command), bytes, command.message, entropy)
      : signEcdsaDigest(provider, curve, bytes, command.message, entropy),
  )
}

function verifyEc({ provider }: Services, { curve, point }: EcMaterial, command: VerifyCommand): boolean {
  const signature = decodeEcdsaSignature(command.signature, SCALAR_LENGTHS[curve])
  if (signature === undefined) return false
  return isRaw(command.messageType)
    ? verifyEcdsaMessage(provider, curve, hashOf(command), point, command.message, signature)
    : verifyEcdsaDigest(provider, curve, point, command.message, signature)
}

function isRaw(messageType: MessageType): boolean {
  return messageType === 'RAW'
}

function isPss(algorithm: RsaSigningAlgorithm): boolean {
  return algorithm.startsWith('RSASSA_PSS_')
}

function hashOf({ algorithm }: SignCommand): HashName {
  const { hash } = SIGNING_ALGORITHMS[algorithm]
  if (hash === undefined) throw new HsmError('ALGORITHM')
  return hash
}

function digestOf(provider: Services['provider'], hash: HashName, { messageType, message }: SignCommand): Uint8Array {
  return isRaw(messageType) ? provider.digest(hash, message) : message
}

/** @throws HsmError `ALGORITHM` for a type that the algorithm does not take, RangeError for a length that it does not */
function assertMessage({ algorithm, messageType, message }: SignCommand): void {
  const { hash, messageTypes } = SIGNING_ALGORITHMS[algorithm]
  assertBytes('message', message)
  if (!messageTypes.includes(messageType)) throw new HsmError('ALGORITHM')
  if (isRaw(messageType)) return
  const length = messageType === 'EXTERNAL_MU' || hash === undefined ? ML_DSA_MU_LENGTH : digestLength(hash)
  if (message.length !== length) throw new RangeError(`message must be ${length} bytes`)
}
