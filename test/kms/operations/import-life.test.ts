/**
 * DeleteImportedKeyMaterial, and what keys of imported material do and do not do besides.
 *
 * @covers KMS operations, DeleteImportedKeyMaterial; key-states, notes 5 to 9; crypto-details §8
 */
import { generateKeyPairSync } from 'node:crypto'
import type { KmsKeyUsage, KeySpec } from '@softkms/hsm'
import { expect, test } from 'vitest'
import {
  type OutsideMaterial,
  NEVER,
  createExternalKey,
  makeMaterial,
  materialOf,
  randomOf,
  requestWrapping,
} from '../../support/import-material.ts'
import { type KmsFixture, base64Of, bytesOf, call, days, expectRefusal } from '../../support/kms-fixture.ts'
import { startNativeKms } from '../../support/kms-keys.ts'
import { expectMaterial } from '../../support/prove-material.ts'

const KINDS: readonly (readonly [KeySpec, KmsKeyUsage])[] = [
  ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT'],
  ['HMAC_384', 'GENERATE_VERIFY_MAC'],
  ['ECC_NIST_P384', 'KEY_AGREEMENT'],
  ['ECC_SECG_P256K1', 'SIGN_VERIFY'],
  ['ECC_NIST_EDWARDS25519', 'SIGN_VERIFY'],
  ['RSA_2048', 'ENCRYPT_DECRYPT'],
]

interface Scene extends KmsFixture {
  readonly KeyId: string
  readonly arn: string
  readonly bring: (material: OutsideMaterial | Uint8Array) => Promise<object>
  readonly requestFor: (material: OutsideMaterial | Uint8Array) => object
  readonly stateOf: () => Promise<string | undefined>
}

async function setScene(spec: KeySpec = 'SYMMETRIC_DEFAULT', usage: KmsKeyUsage = 'ENCRYPT_DECRYPT'): Promise<Scene> {
  const fixture = await startNativeKms()
  const { kms } = fixture
  const { KeyId, arn } = await createExternalKey(kms, spec, usage)
  const algorithm = spec.startsWith('RSA') ? 'RSA_AES_KEY_WRAP_SHA_256' : 'RSAES_OAEP_SHA_256'
  const { wrap } = await requestWrapping(kms, KeyId, algorithm)
  const requestFor = (material: OutsideMaterial | Uint8Array) => ({
    ...wrap(material instanceof Uint8Array ? material : material.bytes),
    ...NEVER,
  })
  return {
    ...fixture,
    KeyId,
    arn,
    requestFor,
    bring: async (material) => call(kms, 'ImportKeyMaterial', requestFor(material)),
    stateOf: async () => (await kms.describeKey({ KeyId })).KeyMetadata?.KeyState,
  }
}

test.each(KINDS)('%s %s: deleted, and imported again bit for bit', async (spec, usage) => {
  const scene = await setScene(spec, usage)
  const { kms, KeyId, arn, bring, stateOf } = scene
  const material = makeMaterial(spec)
  const imported = await bring(material)
  const deleted = await kms.deleteImportedKeyMaterial({ KeyId })
  expect(deleted).toStrictEqual(imported)
  expect(deleted.KeyId).toBe(arn)
  expect(await stateOf()).toBe('PendingImport')

  const message = `The key material in the request is not the key material that was imported into ${arn}.`
  const other = scene.requestFor(makeMaterial(spec))
  await expectRefusal(scene, 'ImportKeyMaterial', other, 'IncorrectKeyMaterialException', message)
  await bring(material)
  expect(await stateOf()).toBe('Enabled')
  await expectMaterial(kms, { KeyId, spec, usage }, material)
  // Nor does it take other material while it has its own.
  await expectRefusal(scene, 'ImportKeyMaterial', other, 'IncorrectKeyMaterialException', message)
})

test('the same private key in other bytes is other material', async () => {
  const scene = await setScene('ECC_NIST_P256', 'SIGN_VERIFY')
  const { kms, arn, KeyId, bring } = scene
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { bytes } = materialOf(privateKey)
  // Without the public half, which OpenSSL writes at the end: lengths of the outer and the inner values shrink.
  const bare = Uint8Array.of(0x30, 0x41, ...bytes.slice(3, 27), 0x04, 0x27, 0x30, 0x25, ...bytes.slice(31, 68))
  await bring(bare)
  await expectMaterial(kms, { KeyId, spec: 'ECC_NIST_P256', usage: 'SIGN_VERIFY' }, { bytes: bare, privateKey })
  const message = `The key material in the request is not the key material that was imported into ${arn}.`
  await expectRefusal(scene, 'ImportKeyMaterial', scene.requestFor(bytes), 'IncorrectKeyMaterialException', message)
})

test('deleting what is not there, or was never there, says so or does nothing', async () => {
  const scene = await setScene()
  const { kms, store, KeyId, arn, bring } = scene
  const unknown = { KeyId, KeyMaterialId: 'a'.repeat(64) }
  const message = `Key material ${unknown.KeyMaterialId} of ${arn} does not exist`
  await expect(kms.deleteImportedKeyMaterial({ KeyId })).resolves.toStrictEqual({ KeyId: arn })
  await expectRefusal(scene, 'DeleteImportedKeyMaterial', unknown, 'NotFoundException', message)
  const imported = await bring(randomOf(32))
  await expectRefusal(scene, 'DeleteImportedKeyMaterial', unknown, 'NotFoundException', message)
  await expect(kms.deleteImportedKeyMaterial({ KeyId })).resolves.toStrictEqual(imported)
  const before = await store.getKey(kms.defaults, KeyId as never)
  await expect(kms.deleteImportedKeyMaterial({ KeyId })).resolves.toStrictEqual(imported)
  expect(await store.getKey(kms.defaults, KeyId as never)).toEqual(before)
})

test('the material of a key that is about to go can be deleted, and the key goes all the same', async () => {
  const { kms, clock, store, KeyId, bring, stateOf } = await setScene()
  const { KeyMaterialId: id = '' } = (await bring(randomOf(32))) as { readonly KeyMaterialId?: string }
  await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 })
  await kms.deleteImportedKeyMaterial({ KeyId })
  expect(await stateOf()).toBe('PendingDeletion')
  expect(await store.getMaterial(kms.defaults.region, id)).not.toHaveProperty('token')
  clock.advanceDays(7)
  await kms.listKeys()
  expect(await store.getKey(kms.defaults, KeyId as never)).toBeUndefined()
  expect(await store.getMaterial(kms.defaults.region, id)).toBeUndefined()
})

test('a deleted key takes all of its material along: current, old, awaited and pending', async () => {
  const { kms, clock, store, KeyId, bring, requestFor } = await setScene()
  const ids: string[] = []
  const NEW = { ImportType: 'NEW_KEY_MATERIAL' }
  for (let i = 0; i < 3; i++) {
    const answer = (await call(kms, 'ImportKeyMaterial', { ...requestFor(randomOf(32)), ...NEW })) as {
      readonly KeyMaterialId: string
    }
    ids.push(answer.KeyMaterialId)
    if (i === 1) await kms.rotateKeyOnDemand({ KeyId })
  }
  await kms.deleteImportedKeyMaterial({ KeyId, KeyMaterialId: ids[0] ?? '' })
  const { CiphertextBlob } = await kms.encrypt({
    KeyId: (await kms.createKey()).KeyMetadata?.KeyId,
    Plaintext: bytesOf('of another key'),
  })
  const materials = async () => Promise.all(ids.map(async (id) => store.getMaterial(kms.defaults.region, id)))
  expect((await materials()).map((material) => material?.token !== undefined)).toEqual([false, true, true])
  await kms.scheduleKeyDeletion({ KeyId })
  clock.advance(days(30))
  await kms.decrypt({ CiphertextBlob })
  expect(await materials()).toEqual([undefined, undefined, undefined])
  await expect(bring(randomOf(32))).rejects.toMatchObject({ code: 'NotFoundException' })
})

test('a key that never had material is deleted and brought back without it', async () => {
  const { kms, KeyId, stateOf } = await setScene()
  await kms.scheduleKeyDeletion({ KeyId })
  await kms.cancelKeyDeletion({ KeyId })
  expect(await stateOf()).toBe('PendingImport')
})

test.each(['ECC_NIST_P256', 'RSA_2048', 'ECC_NIST_EDWARDS25519'] as const)(
  '%s: the public key is known from the first import on, with the material or without',
  async (spec) => {
    const scene = await setScene(spec, 'SIGN_VERIFY')
    const { kms, KeyId, arn, bring } = scene
    const pending = `${arn} is pending import.`
    await expectRefusal(scene, 'GetPublicKey', { KeyId }, 'KMSInvalidStateException', pending)
    const material = makeMaterial(spec)
    await bring(material)
    const known = await kms.getPublicKey({ KeyId })
    await expectMaterial(kms, { KeyId, spec, usage: 'SIGN_VERIFY' }, material)
    await kms.disableKey({ KeyId })
    expect(await kms.getPublicKey({ KeyId })).toStrictEqual(known)
    await kms.deleteImportedKeyMaterial({ KeyId })
    expect(await kms.getPublicKey({ KeyId })).toStrictEqual(known)
    const algorithm =
      spec === 'RSA_2048' ? 'RSASSA_PSS_SHA_256' : spec === 'ECC_NIST_P256' ? 'ECDSA_SHA_256' : 'ED25519_SHA_512'
    const signing = { KeyId, Message: bytesOf('m'), SigningAlgorithm: algorithm }
    await expectRefusal(scene, 'Sign', signing, 'KMSInvalidStateException', pending)
  },
)

test('what a key that waits for its material refuses, and what it does all the same', async () => {
  const scene = await setScene()
  const { kms, KeyId, arn } = scene
  const pending = `${arn} is pending import.`
  for (const [operation, input] of [
    ['Encrypt', { Plaintext: bytesOf('x') }],
    ['GenerateDataKey', { KeySpec: 'AES_256' }],
    ['GenerateDataKeyWithoutPlaintext', { KeySpec: 'AES_256' }],
    ['GenerateDataKeyPair', { KeyPairSpec: 'ECC_NIST_P256' }],
    ['EnableKey', {}],
    ['DisableKey', {}],
    ['RotateKeyOnDemand', {}],
  ] as const) {
    await expectRefusal(scene, operation, { KeyId, ...input }, 'KMSInvalidStateException', pending)
  }
  const origin = `${arn} origin is EXTERNAL which is not valid for this operation.`
  for (const operation of ['EnableKeyRotation', 'DisableKeyRotation', 'GetKeyRotationStatus'] as const) {
    await expectRefusal(scene, operation, { KeyId }, 'UnsupportedOperationException', origin)
  }
  await kms.createAlias({ AliasName: 'alias/waits', TargetKeyId: KeyId })
  await kms.tagResource({ KeyId, Tags: [{ TagKey: 'a', TagValue: 'b' }] })
  await kms.updateKeyDescription({ KeyId, Description: 'waits' })
  await kms.getKeyPolicy({ KeyId })
  await kms.listKeyRotations({ KeyId })
})

test('imported material never rotates by itself', async () => {
  const scene = await setScene()
  const { kms, KeyId, arn, bring } = scene
  await bring(randomOf(32))
  const origin = `${arn} origin is EXTERNAL which is not valid for this operation.`
  for (const operation of ['EnableKeyRotation', 'DisableKeyRotation'] as const) {
    await expectRefusal(scene, operation, { KeyId }, 'UnsupportedOperationException', origin)
  }
  await expect(kms.getKeyRotationStatus({ KeyId })).resolves.toStrictEqual({ KeyId: arn, KeyRotationEnabled: false })
})

test.each(['HMAC_256', 'ECC_NIST_P256'] as const)('%s has no rotations, and its state says so first', async (spec) => {
  const scene = await setScene(spec, spec === 'HMAC_256' ? 'GENERATE_VERIFY_MAC' : 'SIGN_VERIFY')
  const { KeyId, arn, bring } = scene
  const pending = `${arn} is pending import.`
  await expectRefusal(scene, 'RotateKeyOnDemand', { KeyId }, 'KMSInvalidStateException', pending)
  await bring(makeMaterial(spec))
  await expectRefusal(scene, 'RotateKeyOnDemand', { KeyId }, 'UnsupportedOperationException', '')
  await expectRefusal(scene, 'ListKeyRotations', { KeyId }, 'UnsupportedOperationException', '')
})

test('the audit trail shows who imported what, and neither token nor material', async () => {
  const { kms, audit, KeyId, arn, bring, requestFor } = await setScene()
  const material = randomOf(32)
  const request = requestFor(material) as {
    readonly ImportToken: Uint8Array
    readonly EncryptedKeyMaterial: Uint8Array
  }
  const said = { KeyMaterialDescription: 'said', ImportType: 'NEW_KEY_MATERIAL', ...NEVER }
  await call(kms, 'ImportKeyMaterial', { ...request, ...said })
  expect(audit.entries.at(-1)).toMatchObject({
    operation: 'ImportKeyMaterial',
    isReadOnly: false,
    keys: [arn],
    request: { KeyId, ...said },
  })
  expect(Object.keys(audit.entries.at(-1)?.request ?? {})).toHaveLength(4)
  await bring(randomOf(32)).catch(() => 'refused')
  await kms.deleteImportedKeyMaterial({ KeyId })
  expect(audit.entries.slice(-2)).toMatchObject([
    { operation: 'ImportKeyMaterial', errorCode: 'IncorrectKeyMaterialException', request: { KeyId, ...NEVER } },
    { operation: 'DeleteImportedKeyMaterial', isReadOnly: false, request: { KeyId } },
  ])
  expect(audit.entries.find(({ operation }) => operation === 'GetParametersForImport')).toMatchObject({
    isReadOnly: true,
    request: { KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' },
  })
  const trail = JSON.stringify(audit.entries, (_, value: unknown) =>
    value instanceof Uint8Array ? base64Of(value) : value,
  )
  for (const secret of [request.ImportToken, request.EncryptedKeyMaterial, material]) {
    expect(trail).not.toContain(base64Of(secret).slice(0, 40))
    expect(trail).not.toContain(Buffer.from(secret).toString('hex').slice(0, 60))
  }
})
