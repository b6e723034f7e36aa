/** Recorded messages of cryptographic operations and of imports. @spec wire §4 */
import type { KMS, KeyUsageType } from '@aws-sdk/client-kms'
import { flipBit } from '../../support/bits.ts'
import { bytesOf } from '../../support/kms-fixture.ts'
import type { TestKey } from '../sdk-js/keys.ts'
import type { Recorded } from './row.ts'
import { Plaintext, type Scene } from './scene.ts'

const Message = Plaintext
const NOT_THIS_KEY = 'The key ID in the request does not identify a CMK that can perform this operation.'

/** A key of one usage, asked for an operation of another. */
function wrongUsage(
  operation: string,
  usage: KeyUsageType,
  keyOf: (scene: Scene) => TestKey,
  attempt: (kms: KMS, KeyId: string) => Promise<unknown>,
): Recorded {
  return {
    name: 'InvalidKeyUsageException',
    when: `${operation} with a key for ${usage}`,
    text: (scene) => `${keyOf(scene).arn} key usage is ${usage} which is not valid for ${operation}.`,
    attempt: (scene) => attempt(scene.kms, keyOf(scene).KeyId),
  }
}

const SigningAlgorithm = 'ECDSA_SHA_256'
const PublicKey = Uint8Array.of(0x30, 0x00)

export const CRYPTOGRAPHY_MESSAGES: readonly Recorded[] = [
  wrongUsage(
    'Sign',
    'ENCRYPT_DECRYPT',
    ({ key }) => key,
    (kms, KeyId) => kms.sign({ KeyId, Message, SigningAlgorithm }),
  ),
  wrongUsage(
    'Verify',
    'KEY_AGREEMENT',
    ({ agreement }) => agreement,
    (kms, KeyId) => kms.verify({ KeyId, Message, SigningAlgorithm, Signature: Message }),
  ),
  wrongUsage(
    'Encrypt',
    'SIGN_VERIFY',
    ({ signing }) => signing,
    (kms, KeyId) => kms.encrypt({ KeyId, Plaintext }),
  ),
  wrongUsage(
    'GenerateMac',
    'ENCRYPT_DECRYPT',
    ({ rsa }) => rsa,
    (kms, KeyId) => kms.generateMac({ KeyId, Message, MacAlgorithm: 'HMAC_SHA_256' }),
  ),
  wrongUsage(
    'DeriveSharedSecret',
    'GENERATE_VERIFY_MAC',
    ({ mac }) => mac,
    (kms, KeyId) => kms.deriveSharedSecret({ KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey }),
  ),
  {
    name: 'InvalidKeyUsageException',
    when: 'a MAC algorithm of another key spec',
    text: 'Algorithm HMAC_SHA_512 is incompatible with key spec HMAC_256.',
    attempt: ({ kms, mac }) => kms.generateMac({ KeyId: mac.KeyId, Message, MacAlgorithm: 'HMAC_SHA_512' }),
  },
  {
    name: 'InvalidKeyUsageException',
    when: 'a signing algorithm of another key spec',
    text: 'Algorithm ECDSA_SHA_384 is incompatible with key spec ECC_NIST_P256.',
    attempt: ({ kms, signing }) => kms.sign({ KeyId: signing.KeyId, Message, SigningAlgorithm: 'ECDSA_SHA_384' }),
  },
  {
    name: 'InvalidKeyUsageException',
    when: 'an encryption algorithm of another key spec',
    text: 'Algorithm RSAES_OAEP_SHA_256 is incompatible with key spec SYMMETRIC_DEFAULT.',
    attempt: ({ kms, key }) => kms.encrypt({ KeyId: key.KeyId, Plaintext, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }),
  },
  {
    name: 'IncorrectKeyException',
    when: 'Decrypt with another key than sealed the blob',
    text: NOT_THIS_KEY,
    attempt: ({ kms, other, blob }) => kms.decrypt({ CiphertextBlob: blob, KeyId: other.KeyId }),
  },
  {
    name: 'IncorrectKeyException',
    when: 'ReEncrypt with another source key than sealed the blob',
    text: NOT_THIS_KEY,
    attempt: ({ kms, key, other, blob }) =>
      kms.reEncrypt({ CiphertextBlob: blob, SourceKeyId: other.KeyId, DestinationKeyId: key.KeyId }),
  },
  ...[
    ['Decrypt of what is no blob', ({ kms }: Scene) => kms.decrypt({ CiphertextBlob: bytesOf('not a blob') })] as const,
    [
      'Decrypt of a blob with one bit changed',
      ({ kms, blob }: Scene) => kms.decrypt({ CiphertextBlob: flipBit(blob, blob.length * 8 - 1) }),
    ] as const,
    [
      'Decrypt in another encryption context',
      ({ kms, boundBlob }: Scene) => kms.decrypt({ CiphertextBlob: boundBlob, EncryptionContext: { tenant: 'b' } }),
    ] as const,
    [
      'Decrypt without the encryption context',
      ({ kms, boundBlob }: Scene) => kms.decrypt({ CiphertextBlob: boundBlob }),
    ] as const,
    [
      'ReEncrypt out of another encryption context',
      ({ kms, boundBlob, other }: Scene) =>
        kms.reEncrypt({
          CiphertextBlob: boundBlob,
          SourceEncryptionContext: { tenant: 'b' },
          DestinationKeyId: other.KeyId,
        }),
    ] as const,
    [
      'Decrypt under RSA with another padding',
      ({ kms, rsa, rsaBlob }: Scene) =>
        kms.decrypt({ KeyId: rsa.KeyId, CiphertextBlob: rsaBlob, EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' }),
    ] as const,
  ].map(([when, attempt]) => ({ name: 'InvalidCiphertextException', when, attempt })),
  {
    name: 'KMSInvalidSignatureException',
    when: 'Verify of another message',
    attempt: ({ kms, signing, signature }) =>
      kms.verify({ KeyId: signing.KeyId, Message: bytesOf('other'), SigningAlgorithm, Signature: signature }),
  },
  {
    name: 'KMSInvalidMacException',
    when: 'VerifyMac of another MAC',
    attempt: ({ kms, mac }) =>
      kms.verifyMac({ KeyId: mac.KeyId, Message, MacAlgorithm: 'HMAC_SHA_256', Mac: new Uint8Array(32) }),
  },
  {
    name: 'DryRunOperationException',
    when: 'a request that would succeed, with DryRun',
    text: 'The request would have succeeded, but the DryRun option is set.',
    attempt: ({ kms, key }) => kms.generateDataKey({ KeyId: key.KeyId, KeySpec: 'AES_256', DryRun: true }),
  },
  {
    name: 'ValidationException',
    when: 'GenerateRandom without a number',
    text: 'NumberOfBytes is required.',
    attempt: ({ kms }) => kms.generateRandom({}),
  },
  {
    name: 'ValidationException',
    when: 'more than RSA can encrypt',
    text: 'Algorithm RSAES_OAEP_SHA_256 and key spec RSA_2048 cannot encrypt data larger than 190 bytes.',
    attempt: ({ kms, rsa }) =>
      kms.encrypt({ KeyId: rsa.KeyId, Plaintext: new Uint8Array(191), EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }),
  },
  {
    name: 'ValidationException',
    when: 'Sign of a digest that is too short',
    text: 'Digest is invalid length for algorithm ECDSA_SHA_256.',
    attempt: ({ kms, signing }) =>
      kms.sign({ KeyId: signing.KeyId, Message: new Uint8Array(31), MessageType: 'DIGEST', SigningAlgorithm }),
  },
  {
    name: 'ValidationException',
    when: 'Verify of a digest that is too long',
    text: 'Digest is invalid length for algorithm ECDSA_SHA_256.',
    attempt: ({ kms, signing, signature }) =>
      kms.verify({
        KeyId: signing.KeyId,
        Message: new Uint8Array(33),
        MessageType: 'DIGEST',
        SigningAlgorithm,
        Signature: signature,
      }),
  },
  {
    name: 'ValidationException',
    when: 'DeriveSharedSecret with what is no public key',
    attempt: ({ kms, agreement }) =>
      kms.deriveSharedSecret({ KeyId: agreement.KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey }),
  },
  {
    name: 'ValidationException',
    when: 'ImportKeyMaterial of material that shall expire, without a date',
    text: 'A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES',
    attempt: ({ kms, first }) => kms.importKeyMaterial({ ...first, ExpirationModel: 'KEY_MATERIAL_EXPIRES' }),
  },
  {
    name: 'KMSInvalidStateException',
    when: 'ImportKeyMaterial of new material while another waits',
    text: ({ waiting, waitingMaterialId }) =>
      new RegExp(
        `^New key material \\(id: [0-9a-f]{64}\\) cannot be imported into KMS key ${waiting.arn}, ` +
          `because another key material \\(id: ${waitingMaterialId}\\) is pending rotation\\.$`,
      ),
    attempt: ({ kms, more }) =>
      kms.importKeyMaterial({
        ...more,
        ImportType: 'NEW_KEY_MATERIAL',
        ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      }),
  },
]
