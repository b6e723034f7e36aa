/** Whether a KMS key is made of material that somebody else has too: each says and reads what the other does. */
import {
  type KeyObject,
  constants,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  privateDecrypt,
  publicEncrypt,
  sign as signOutside,
  verify as verifyOutside,
} from 'node:crypto'
import {
  KEY_SPECS,
  type KeySpec,
  type KmsKeyUsage,
  type MacAlgorithm,
  type RsaEncryptionAlgorithm,
  SIGNING_ALGORITHMS,
  type SigningAlgorithm,
  algorithmsOf,
} from '@softkms/hsm'
import type { Kms } from 'softkms'
import { expect } from 'vitest'
import { readBlob } from './blob-reader.ts'
import type { OutsideMaterial } from './import-material.ts'
import { bytesOf } from './kms-fixture.ts'

interface Claim {
  readonly KeyId: string
  readonly spec: KeySpec
  readonly usage: KmsKeyUsage
}

const MESSAGE = bytesOf('attack at dawn')

export async function expectMaterial(kms: Kms, { KeyId, spec, usage }: Claim, material: OutsideMaterial) {
  const { bytes, privateKey } = material
  if (privateKey === undefined) {
    if (usage === 'GENERATE_VERIFY_MAC') return expectMac(kms, KeyId, spec, bytes)
    return expectBlob(kms, KeyId, bytes)
  }
  const publicKey = createPublicKey(privateKey)
  const { PublicKey } = await kms.getPublicKey({ KeyId })
  expect(PublicKey).toEqual(Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' })))
  if (usage === 'SIGN_VERIFY') return expectSignatures(kms, KeyId, spec, privateKey)
  if (usage === 'KEY_AGREEMENT') return expectSharedSecret(kms, KeyId, spec, privateKey)
  return expectRsaEncryption(kms, KeyId, privateKey)
}

async function expectBlob(kms: Kms, KeyId: string, material: Uint8Array) {
  const context = { tenant: 'a' }
  const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: MESSAGE, EncryptionContext: context })
  const read = readBlob(CiphertextBlob ?? expect.fail('no blob'), { material, keyId: KeyId, context })
  expect(Uint8Array.from(read.plaintext)).toEqual(MESSAGE)
}

async function expectMac(kms: Kms, KeyId: string, spec: KeySpec, material: Uint8Array) {
  const MacAlgorithm = algorithmsOf(spec, 'GENERATE_VERIFY_MAC')[0] as MacAlgorithm
  const { Mac } = await kms.generateMac({ KeyId, MacAlgorithm, Message: MESSAGE })
  const hash = MacAlgorithm.replace('HMAC_SHA_', 'sha')
  expect(Mac).toEqual(Uint8Array.from(createHmac(hash, material).update(MESSAGE).digest()))
}

async function expectSignatures(kms: Kms, KeyId: string, spec: KeySpec, privateKey: KeyObject) {
  const publicKey = createPublicKey(privateKey)
  const raw = (algorithmsOf(spec, 'SIGN_VERIFY') as SigningAlgorithm[]).filter((name) =>
    SIGNING_ALGORITHMS[name].messageTypes.includes('RAW'),
  )
  for (const SigningAlgorithm of raw) {
    const hash = SIGNING_ALGORITHMS[SigningAlgorithm].hash?.replace('-', '')
    const padding = SigningAlgorithm.includes('PSS')
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
      : {}
    const request = { KeyId, SigningAlgorithm, Message: MESSAGE }
    const { Signature = new Uint8Array(0) } = await kms.sign(request)
    expect(verifyOutside(hash, MESSAGE, { key: publicKey, ...padding }, Signature)).toBe(true)
    const outside = Uint8Array.from(signOutside(hash, MESSAGE, { key: privateKey, ...padding }))
    expect(await kms.verify({ ...request, Signature: outside })).toMatchObject({ SignatureValid: true })
  }
}

async function expectSharedSecret(kms: Kms, KeyId: string, spec: KeySpec, privateKey: KeyObject) {
  const row = KEY_SPECS[spec]
  if (row.family !== 'ec') expect.fail(`${spec} agrees on nothing`)
  const peer = generateKeyPairSync('ec', { namedCurve: row.curve }).publicKey
  const PublicKey = Uint8Array.from(peer.export({ type: 'spki', format: 'der' }))
  const { SharedSecret } = await kms.deriveSharedSecret({ KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey })
  expect(SharedSecret).toEqual(Uint8Array.from(diffieHellman({ privateKey, publicKey: peer })))
}

async function expectRsaEncryption(kms: Kms, KeyId: string, privateKey: KeyObject) {
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  for (const EncryptionAlgorithm of algorithmsOf('RSA_2048', 'ENCRYPT_DECRYPT') as RsaEncryptionAlgorithm[]) {
    const oaepHash = EncryptionAlgorithm.endsWith('SHA_1') ? 'sha1' : 'sha256'
    const sealed = publicEncrypt({ key: createPublicKey(privateKey), padding, oaepHash }, MESSAGE)
    const opened = await kms.decrypt({ KeyId, EncryptionAlgorithm, CiphertextBlob: Uint8Array.from(sealed) })
    expect(opened.Plaintext).toEqual(MESSAGE)
    const { CiphertextBlob = new Uint8Array(0) } = await kms.encrypt({ KeyId, EncryptionAlgorithm, Plaintext: MESSAGE })
    expect(Uint8Array.from(privateDecrypt({ key: privateKey, padding, oaepHash }, CiphertextBlob))).toEqual(MESSAGE)
  }
}
