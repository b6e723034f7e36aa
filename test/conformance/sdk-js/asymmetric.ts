/** Signatures, MACs, public keys, shared secrets and data key pairs, each operation once with its success. */
import { createPrivateKey, createPublicKey, verify as verifySignature } from 'node:crypto'
import type * as sdk from '@aws-sdk/client-kms'
import { expect } from 'vitest'
import { bytesOf } from '../../support/kms-fixture.ts'
import { A_MATERIAL_ID, SOME_BYTES, type Successes, expectAnswer } from './answers.ts'
import { createTestKey } from './keys.ts'

const Message = bytesOf('sign here')

async function createKey(kms: sdk.KMS, KeySpec: sdk.KeySpec, KeyUsage: sdk.KeyUsageType) {
  const { KeyMetadata } = await kms.createKey({ KeySpec, KeyUsage })
  return { KeyId: KeyMetadata?.KeyId, arn: KeyMetadata?.Arn }
}

function readSpki(spki: Uint8Array | undefined) {
  return createPublicKey({ key: Buffer.from(spki ?? []), format: 'der', type: 'spki' })
}

export const ASYMMETRIC_SUCCESSES = {
  async Sign(kms) {
    const { KeyId, arn } = await createKey(kms, 'ECC_NIST_P256', 'SIGN_VERIFY')
    const SigningAlgorithm = 'ECDSA_SHA_256'
    const answer = await expectAnswer(kms.sign({ KeyId, Message, SigningAlgorithm }))
    expect(answer).toStrictEqual({ KeyId: arn, Signature: SOME_BYTES, SigningAlgorithm })
    const { PublicKey } = await kms.getPublicKey({ KeyId })
    expect(verifySignature('sha256', Message, readSpki(PublicKey), answer.Signature ?? new Uint8Array(0))).toBe(true)
  },

  async Verify(kms) {
    const { KeyId, arn } = await createKey(kms, 'ML_DSA_44', 'SIGN_VERIFY')
    const SigningAlgorithm = 'ML_DSA_SHAKE_256'
    const { Signature } = await kms.sign({ KeyId, Message, SigningAlgorithm })
    const answer = await expectAnswer(kms.verify({ KeyId, Message, Signature, SigningAlgorithm }))
    expect(answer).toStrictEqual({ KeyId: arn, SignatureValid: true, SigningAlgorithm })
  },

  async GetPublicKey(kms) {
    const { KeyId, arn } = await createKey(kms, 'RSA_2048', 'ENCRYPT_DECRYPT')
    const answer = await expectAnswer(kms.getPublicKey({ KeyId }))
    expect(answer).toStrictEqual({
      KeyId: arn,
      PublicKey: SOME_BYTES,
      CustomerMasterKeySpec: 'RSA_2048',
      KeySpec: 'RSA_2048',
      KeyUsage: 'ENCRYPT_DECRYPT',
      EncryptionAlgorithms: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'],
    })
    expect(readSpki(answer.PublicKey).asymmetricKeyDetails).toMatchObject({
      modulusLength: 2048,
      publicExponent: 65537n,
    })
  },

  async GenerateMac(kms) {
    const { KeyId, arn } = await createKey(kms, 'HMAC_384', 'GENERATE_VERIFY_MAC')
    const MacAlgorithm = 'HMAC_SHA_384'
    const answer = await expectAnswer(kms.generateMac({ KeyId, Message, MacAlgorithm }))
    expect(answer).toStrictEqual({ Mac: SOME_BYTES, MacAlgorithm, KeyId: arn })
    expect(answer.Mac).toHaveLength(48)
  },

  async VerifyMac(kms) {
    const { KeyId, arn } = await createKey(kms, 'HMAC_224', 'GENERATE_VERIFY_MAC')
    const MacAlgorithm = 'HMAC_SHA_224'
    const { Mac } = await kms.generateMac({ KeyId, Message, MacAlgorithm })
    const answer = await expectAnswer(kms.verifyMac({ KeyId, Message, Mac, MacAlgorithm }))
    expect(answer).toStrictEqual({ KeyId: arn, MacValid: true, MacAlgorithm })
  },

  async DeriveSharedSecret(kms) {
    const ours = await createKey(kms, 'ECC_NIST_P384', 'KEY_AGREEMENT')
    const theirs = await createKey(kms, 'ECC_NIST_P384', 'KEY_AGREEMENT')
    const derive = async (KeyId: string | undefined, peer: string | undefined) => {
      const { PublicKey } = await kms.getPublicKey({ KeyId: peer })
      return expectAnswer(kms.deriveSharedSecret({ KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey }))
    }
    const answer = await derive(ours.KeyId, theirs.KeyId)
    const members = { KeyId: ours.arn, KeyAgreementAlgorithm: 'ECDH', KeyOrigin: 'AWS_KMS' }
    expect(answer).toStrictEqual({ ...members, SharedSecret: SOME_BYTES })
    expect(answer.SharedSecret).toHaveLength(48)
    expect((await derive(theirs.KeyId, ours.KeyId)).SharedSecret).toEqual(answer.SharedSecret)
  },

  async Encapsulate(kms) {
    const { KeyId, arn } = await createKey(kms, 'ML_KEM_768', 'ENCAPSULATE_DECAPSULATE')
    const answer = await expectAnswer(kms.encapsulate({ KeyId, EncapsulationAlgorithm: 'ML_KEM' }))
    expect(answer).toStrictEqual({
      KeyId: arn,
      SharedSecret: SOME_BYTES,
      SharedSecretCiphertextBlob: SOME_BYTES,
      EncapsulationAlgorithm: 'ML_KEM',
    })
    expect([answer.SharedSecret?.length, answer.SharedSecretCiphertextBlob?.length]).toEqual([32, 1088])
  },

  async Decapsulate(kms) {
    const { KeyId, arn } = await createKey(kms, 'ML_KEM_512', 'ENCAPSULATE_DECAPSULATE')
    const EncapsulationAlgorithm = 'ML_KEM'
    const { SharedSecret, SharedSecretCiphertextBlob } = await kms.encapsulate({ KeyId, EncapsulationAlgorithm })
    const answer = await expectAnswer(kms.decapsulate({ KeyId, SharedSecretCiphertextBlob, EncapsulationAlgorithm }))
    expect(answer).toStrictEqual({ KeyId: arn, SharedSecret, EncapsulationAlgorithm })
  },

  async GenerateDataKeyPair(kms) {
    const { KeyId, arn } = await createTestKey(kms)
    const EncryptionContext = { tenant: 'a' }
    const answer = await expectAnswer(
      kms.generateDataKeyPair({ KeyId, KeyPairSpec: 'ECC_NIST_P521', EncryptionContext }),
    )
    expect(answer).toStrictEqual({
      PrivateKeyCiphertextBlob: SOME_BYTES,
      PrivateKeyPlaintext: SOME_BYTES,
      PublicKey: SOME_BYTES,
      KeyId: arn,
      KeyPairSpec: 'ECC_NIST_P521',
      KeyMaterialId: A_MATERIAL_ID,
    })
    const CiphertextBlob = answer.PrivateKeyCiphertextBlob
    const { Plaintext } = await kms.decrypt({ CiphertextBlob, EncryptionContext })
    expect(Plaintext).toEqual(answer.PrivateKeyPlaintext)
    const privateKey = createPrivateKey({ key: Buffer.from(Plaintext ?? []), format: 'der', type: 'pkcs8' })
    expect(createPublicKey(privateKey).equals(readSpki(answer.PublicKey))).toBe(true)
  },

  async GenerateDataKeyPairWithoutPlaintext(kms) {
    const { KeyId, arn } = await createTestKey(kms)
    const KeyPairSpec = 'ECC_NIST_EDWARDS25519'
    const answer = await expectAnswer(kms.generateDataKeyPairWithoutPlaintext({ KeyId, KeyPairSpec }))
    expect(answer).toStrictEqual({
      PrivateKeyCiphertextBlob: SOME_BYTES,
      PublicKey: SOME_BYTES,
      KeyId: arn,
      KeyPairSpec,
      KeyMaterialId: A_MATERIAL_ID,
    })
  },
} as const satisfies Partial<Successes>
