/**
 * GetPublicKey, DeriveSharedSecret, Encapsulate and Decapsulate.
 *
 * @covers KMS operations, GetPublicKey, DeriveSharedSecret, Encapsulate and Decapsulate; crypto-details §7; key-states
 */
import { createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto'
import { KEY_SPECS, type KeySpec, type KmsKeyUsage, algorithmsOf, hasPublicKey } from '@softkms/hsm'
import { beforeAll, describe, expect, test } from 'vitest'
import { flipBit } from '../../support/bits.ts'
import { KINDS } from '../../support/hsm-keys.ts'
import { type KmsFixture, type NewKey, createKey, expectRefusal } from '../../support/kms-fixture.ts'
import { createKeyOf, startNativeKms } from '../../support/kms-keys.ts'

const NOTHING = new Uint8Array(0)
const WOULD_HAVE = 'The request would have succeeded, but the DryRun option is set.'
const ASYMMETRIC = KINDS.filter(({ keySpec, keyUsage }) => hasPublicKey(keySpec) && keyUsage !== 'UNWRAP')

let fixture: KmsFixture
const keys = new Map<string, NewKey>()

beforeAll(async () => {
  fixture = await startNativeKms()
  for (const { keySpec, keyUsage } of ASYMMETRIC) {
    keys.set(`${keySpec} ${keyUsage}`, await createKeyOf(fixture.kms, keySpec, keyUsage as KmsKeyUsage))
  }
})

const keyOf = (title: string): NewKey => keys.get(title) ?? expect.fail(`no key of ${title}`)

async function publicKeyOf(title: string): Promise<Uint8Array> {
  const { PublicKey = NOTHING } = await fixture.kms.getPublicKey({ KeyId: keyOf(title).keyId })
  return PublicKey
}

describe('GetPublicKey', () => {
  const LISTS: Readonly<Partial<Record<string, string>>> = {
    ENCRYPT_DECRYPT: 'EncryptionAlgorithms',
    SIGN_VERIFY: 'SigningAlgorithms',
    KEY_AGREEMENT: 'KeyAgreementAlgorithms',
    ENCAPSULATE_DECAPSULATE: 'EncapsulationAlgorithms',
  }

  test.each(ASYMMETRIC)(
    '$keySpec $keyUsage: the members that AWS shows, and no others',
    async ({ keySpec, keyUsage }) => {
      const { keyId: KeyId, arn } = keyOf(`${keySpec} ${keyUsage}`)
      const { PublicKey = NOTHING, ...rest } = await fixture.kms.getPublicKey({ KeyId })
      expect(rest).toStrictEqual({
        KeyId: arn,
        CustomerMasterKeySpec: keySpec,
        KeySpec: keySpec,
        KeyUsage: keyUsage,
        [LISTS[keyUsage] ?? '']: algorithmsOf(keySpec, keyUsage),
      })
      const read = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' })
      expect(read.type).toBe('public')
      const row = KEY_SPECS[keySpec]
      if (row.family === 'rsa') expect(read.asymmetricKeyDetails?.modulusLength).toBe(row.modulusBits)
      expect(await publicKeyOf(`${keySpec} ${keyUsage}`)).toEqual(PublicKey)
    },
  )

  test('a symmetric key has none', async () => {
    const { kms } = fixture
    const symmetric = await createKey(kms)
    const hmac = await createKeyOf(kms, 'HMAC_256', 'GENERATE_VERIFY_MAC')
    for (const { keyId: KeyId } of [symmetric, hmac]) {
      await expectRefusal(fixture, 'GetPublicKey', { KeyId }, 'UnsupportedOperationException', '')
    }
  })

  test('is answered for a disabled key, and not for one that is about to go', async () => {
    const { kms } = fixture
    const { keyId: KeyId, arn } = await createKeyOf(kms, 'ECC_NIST_P256', 'SIGN_VERIFY')
    const before = await kms.getPublicKey({ KeyId })
    await kms.disableKey({ KeyId })
    expect(await kms.getPublicKey({ KeyId })).toEqual(before)
    await kms.scheduleKeyDeletion({ KeyId })
    const pending = `${arn} is pending deletion.`
    await expectRefusal(fixture, 'GetPublicKey', { KeyId }, 'KMSInvalidStateException', pending)
  })

  test('takes an alias', async () => {
    const { keyId } = keyOf('RSA_2048 SIGN_VERIFY')
    await fixture.kms.createAlias({ AliasName: 'alias/signing', TargetKeyId: keyId })
    const answer = await fixture.kms.getPublicKey({ KeyId: 'alias/signing' })
    expect(answer.PublicKey).toEqual(await publicKeyOf('RSA_2048 SIGN_VERIFY'))
  })
})

describe('DeriveSharedSecret', () => {
  const CURVES = [
    ['ECC_NIST_P256', 'P-256', 32],
    ['ECC_NIST_P384', 'P-384', 48],
    ['ECC_NIST_P521', 'P-521', 66],
  ] as const
  const KeyAgreementAlgorithm = 'ECDH'

  test.each(CURVES)('%s: node:crypto derives the same', async (spec, namedCurve, length) => {
    const { keyId: KeyId, arn } = keyOf(`${spec} KEY_AGREEMENT`)
    const peer = generateKeyPairSync('ec', { namedCurve })
    const PublicKey = Uint8Array.from(peer.publicKey.export({ type: 'spki', format: 'der' }))
    const { SharedSecret, ...rest } = await fixture.kms.deriveSharedSecret({ KeyId, KeyAgreementAlgorithm, PublicKey })
    expect(rest).toStrictEqual({ KeyId: arn, KeyAgreementAlgorithm, KeyOrigin: 'AWS_KMS' })
    const spki = Buffer.from(await publicKeyOf(`${spec} KEY_AGREEMENT`))
    const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' })
    expect(SharedSecret).toEqual(Uint8Array.from(diffieHellman({ privateKey: peer.privateKey, publicKey })))
    expect(SharedSecret).toHaveLength(length)
  })

  test.each(CURVES)('%s: two keys of one KMS agree, either way', async (spec) => {
    const { kms } = fixture
    const other = await createKeyOf(kms, spec, 'KEY_AGREEMENT')
    const { PublicKey: theirs = NOTHING } = await kms.getPublicKey({ KeyId: other.keyId })
    const mine = await publicKeyOf(`${spec} KEY_AGREEMENT`)
    const { keyId: KeyId } = keyOf(`${spec} KEY_AGREEMENT`)
    const one = await kms.deriveSharedSecret({ KeyId, KeyAgreementAlgorithm, PublicKey: theirs })
    const two = await kms.deriveSharedSecret({ KeyId: other.keyId, KeyAgreementAlgorithm, PublicKey: mine })
    expect(one.SharedSecret).toEqual(two.SharedSecret)
  })

  test('a peer that cannot be used is refused without a word', async () => {
    const { keyId: KeyId } = keyOf('ECC_NIST_P256 KEY_AGREEMENT')
    const own = await publicKeyOf('ECC_NIST_P256 KEY_AGREEMENT')
    const unusable = [
      await publicKeyOf('ECC_NIST_P384 KEY_AGREEMENT'),
      await publicKeyOf('ECC_SECG_P256K1 SIGN_VERIFY'),
      await publicKeyOf('ECC_NIST_EDWARDS25519 SIGN_VERIFY'),
      await publicKeyOf('RSA_2048 ENCRYPT_DECRYPT'),
      await publicKeyOf('ML_KEM_512 ENCAPSULATE_DECAPSULATE'),
      flipBit(own, 8 * own.length - 1),
      own.slice(1),
      own.subarray(-65),
      Uint8Array.of(...own, 0),
      new Uint8Array(8192),
    ]
    for (const PublicKey of unusable) {
      const input = { KeyId, KeyAgreementAlgorithm, PublicKey }
      await expectRefusal(fixture, 'DeriveSharedSecret', input, 'ValidationException', '')
      await expectRefusal(fixture, 'DeriveSharedSecret', { ...input, DryRun: true }, 'ValidationException', '')
    }
  })

  test('a dry run says what would have been, and an attested answer is not to be had', async () => {
    const { keyId: KeyId } = keyOf('ECC_NIST_P256 KEY_AGREEMENT')
    const PublicKey = await publicKeyOf('ECC_NIST_P256 KEY_AGREEMENT')
    const input = { KeyId, KeyAgreementAlgorithm, PublicKey }
    await expectRefusal(
      fixture,
      'DeriveSharedSecret',
      { ...input, DryRun: true },
      'DryRunOperationException',
      WOULD_HAVE,
    )
    const Recipient = { AttestationDocument: Uint8Array.of(1), KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }
    const message = 'The attestation document in the request could not be verified.'
    await expectRefusal(fixture, 'DeriveSharedSecret', { ...input, Recipient }, 'ValidationException', message)
  })

  test('keys for something else agree on nothing', async () => {
    const PublicKey = await publicKeyOf('ECC_NIST_P256 KEY_AGREEMENT')
    for (const title of ['ECC_NIST_P256 SIGN_VERIFY', 'RSA_2048 ENCRYPT_DECRYPT']) {
      const { keyId: KeyId, arn } = keyOf(title)
      const message = `${arn} key usage is ${title.split(' ')[1]} which is not valid for DeriveSharedSecret.`
      const input = { KeyId, KeyAgreementAlgorithm, PublicKey }
      await expectRefusal(fixture, 'DeriveSharedSecret', input, 'InvalidKeyUsageException', message)
    }
  })
})

describe('Encapsulate and Decapsulate', () => {
  const EncapsulationAlgorithm = 'ML_KEM'

  test.each([
    ['ML_KEM_512', 768],
    ['ML_KEM_768', 1088],
    ['ML_KEM_1024', 1568],
  ] as const)('%s: a secret of 32 bytes in %s', async (spec: KeySpec, length) => {
    const { kms } = fixture
    const { keyId: KeyId, arn } = keyOf(`${spec} ENCAPSULATE_DECAPSULATE`)
    const { SharedSecret, SharedSecretCiphertextBlob, ...rest } = await kms.encapsulate({
      KeyId,
      EncapsulationAlgorithm,
    })
    expect(rest).toStrictEqual({ KeyId: arn, EncapsulationAlgorithm })
    expect(SharedSecret).toHaveLength(32)
    expect(SharedSecretCiphertextBlob).toHaveLength(length)
    const opening = { KeyId, EncapsulationAlgorithm, SharedSecretCiphertextBlob } as const
    expect(await kms.decapsulate(opening)).toStrictEqual({ KeyId: arn, SharedSecret, EncapsulationAlgorithm })

    // Implicit rejection: another secret, and always the same.
    const damaged = { ...opening, SharedSecretCiphertextBlob: flipBit(SharedSecretCiphertextBlob ?? NOTHING, 50) }
    const rejected = await kms.decapsulate(damaged)
    expect(rejected.SharedSecret).toHaveLength(32)
    expect(rejected.SharedSecret).not.toEqual(SharedSecret)
    expect(await kms.decapsulate(damaged)).toEqual(rejected)

    for (const wrong of [length - 1, length + 1, 1, 6144]) {
      const input = { ...opening, SharedSecretCiphertextBlob: new Uint8Array(wrong) }
      await expectRefusal(fixture, 'Decapsulate', input, 'InvalidCiphertextException', '')
    }
  })

  test('no secret is encapsulated twice', async () => {
    const { keyId: KeyId } = keyOf('ML_KEM_512 ENCAPSULATE_DECAPSULATE')
    const secrets = new Set<string>()
    for (let i = 0; i < 10; i++) {
      const { SharedSecret } = await fixture.kms.encapsulate({ KeyId, EncapsulationAlgorithm })
      secrets.add(String(SharedSecret))
    }
    expect(secrets.size).toBe(10)
  })

  test('a dry run says what would have been', async () => {
    const { keyId: KeyId } = keyOf('ML_KEM_768 ENCAPSULATE_DECAPSULATE')
    const input = { KeyId, EncapsulationAlgorithm, DryRun: true }
    await expectRefusal(fixture, 'Encapsulate', input, 'DryRunOperationException', WOULD_HAVE)
    const right = { ...input, SharedSecretCiphertextBlob: new Uint8Array(1088) }
    await expectRefusal(fixture, 'Decapsulate', right, 'DryRunOperationException', WOULD_HAVE)
    const wrong = { ...input, SharedSecretCiphertextBlob: new Uint8Array(768) }
    await expectRefusal(fixture, 'Decapsulate', wrong, 'InvalidCiphertextException', '')
  })

  test('keys for something else encapsulate nothing', async () => {
    const { keyId: KeyId, arn } = keyOf('ML_DSA_44 SIGN_VERIFY')
    for (const operation of ['Encapsulate', 'Decapsulate'] as const) {
      const input = { KeyId, EncapsulationAlgorithm, SharedSecretCiphertextBlob: new Uint8Array(768) }
      const message = `${arn} key usage is SIGN_VERIFY which is not valid for ${operation}.`
      await expectRefusal(fixture, operation, input, 'InvalidKeyUsageException', message)
    }
  })
})
