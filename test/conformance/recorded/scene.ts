/** Keys in the states and of the kinds for which messages were recorded, made through the SDK. */
import type { KMS } from '@aws-sdk/client-kms'
import { ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION, bytesOf } from '../../support/kms-fixture.ts'
import type { Door } from '../sdk-js/doors.ts'
import { createExternalKey, wrapFor } from '../sdk-js/import-and-regions.ts'
import { type TestKey, createTestKey } from '../sdk-js/keys.ts'

const NEVER = { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' } as const
const MOST_ROTATIONS = 25

export const Plaintext: Uint8Array = bytesOf('secret')
export const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000'
export const UNKNOWN_MRK = 'mrk-00000000000000000000000000000000'

export interface Scene {
  readonly kms: KMS
  /** The same door in another Region. */
  readonly abroad: KMS
  /** The same door for another account. */
  readonly stranger: KMS
  readonly key: TestKey
  readonly other: TestKey
  readonly disabled: TestKey
  readonly dying: TestKey
  /** Rotated on demand as often as a key can be. */
  readonly worn: TestKey
  readonly signing: TestKey
  readonly mac: TestKey
  readonly agreement: TestKey
  readonly rsa: TestKey
  /** Of origin EXTERNAL, and without material. */
  readonly empty: { readonly symmetric: TestKey; readonly mac: TestKey; readonly signing: TestKey }
  /** Had material, which was deleted. */
  readonly emptied: TestKey
  /** Has imported material, and nothing that waits. */
  readonly imported: TestKey
  /** Has material that waits for its rotation. */
  readonly waiting: TestKey
  readonly waitingMaterialId: string
  /** Material that has not been imported yet, wrapped for `waiting`, and `empty.symmetric`. */
  readonly more: Wrapped
  readonly first: Wrapped
  readonly replica: TestKey
  /** Sealed under `key`, in no encryption context and in one. */
  readonly blob: Uint8Array
  readonly boundBlob: Uint8Array
  readonly rsaBlob: Uint8Array
  readonly signature: Uint8Array
}

type Wrapped = Awaited<ReturnType<typeof wrapFor>>

const CONTEXT: { readonly [name: string]: string } = { tenant: 'a' }

export function arnOf(resource: string, region: string = REGION): string {
  return `arn:aws:kms:${region}:${ACCOUNT}:${resource}`
}

export async function createKeyOf(kms: KMS, input: Parameters<KMS['createKey']>[0]): Promise<TestKey> {
  const { KeyMetadata } = await kms.createKey(input)
  return { KeyId: KeyMetadata?.KeyId ?? '', arn: KeyMetadata?.Arn ?? '' }
}

async function importInto(kms: KMS, key: TestKey): Promise<string> {
  const { KeyMaterialId = '' } = await kms.importKeyMaterial({ ...(await wrapFor(kms, key)), ...NEVER })
  return KeyMaterialId
}

export async function setScene(door: Door): Promise<Scene> {
  // The SDK takes a LimitExceededException for throttling, and would try again.
  const maxAttempts = 1
  const kms = door.client({ maxAttempts })
  const abroad = door.client({ maxAttempts, region: OTHER_REGION })
  const stranger = door.client({ credentials: { accessKeyId: OTHER_ACCOUNT, secretAccessKey: 'any' }, maxAttempts })
  const [key, other, disabled, dying, worn] = [
    await createTestKey(kms),
    await createTestKey(kms),
    await createTestKey(kms),
    await createTestKey(kms),
    await createTestKey(kms),
  ]
  await kms.disableKey({ KeyId: disabled.KeyId })
  await kms.scheduleKeyDeletion({ KeyId: dying.KeyId })
  for (let i = 0; i < MOST_ROTATIONS; i++) await kms.rotateKeyOnDemand({ KeyId: worn.KeyId })
  await kms.createAlias({ AliasName: 'alias/taken', TargetKeyId: key.KeyId })

  const signing = await createKeyOf(kms, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
  const mac = await createKeyOf(kms, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
  const agreement = await createKeyOf(kms, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' })
  const rsa = await createKeyOf(kms, { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' })

  const empty = {
    symmetric: await createExternalKey(kms),
    mac: await createKeyOf(kms, { Origin: 'EXTERNAL', KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }),
    signing: await createKeyOf(kms, { Origin: 'EXTERNAL', KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }),
  }
  const [emptied, imported, waiting] = [
    await createExternalKey(kms),
    await createExternalKey(kms),
    await createExternalKey(kms),
  ]
  await importInto(kms, emptied)
  await kms.deleteImportedKeyMaterial({ KeyId: emptied.KeyId })
  await importInto(kms, imported)
  await importInto(kms, waiting)
  const next = { ...(await wrapFor(kms, waiting)), ...NEVER, ImportType: 'NEW_KEY_MATERIAL' } as const
  const { KeyMaterialId: waitingMaterialId = '' } = await kms.importKeyMaterial(next)

  const primary = await createKeyOf(kms, { MultiRegion: true })
  const { ReplicaKeyMetadata } = await kms.replicateKey({ KeyId: primary.KeyId, ReplicaRegion: OTHER_REGION })
  const algorithm = { EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' } as const
  return {
    kms,
    abroad,
    stranger,
    key,
    other,
    disabled,
    dying,
    worn,
    signing,
    mac,
    agreement,
    rsa,
    empty,
    emptied,
    imported,
    waiting,
    waitingMaterialId,
    more: await wrapFor(kms, waiting),
    first: await wrapFor(kms, empty.symmetric),
    replica: { KeyId: primary.KeyId, arn: ReplicaKeyMetadata?.Arn ?? '' },
    blob: bytes((await kms.encrypt({ KeyId: key.KeyId, Plaintext })).CiphertextBlob),
    boundBlob: bytes((await kms.encrypt({ KeyId: key.KeyId, Plaintext, EncryptionContext: CONTEXT })).CiphertextBlob),
    rsaBlob: bytes((await kms.encrypt({ KeyId: rsa.KeyId, Plaintext, ...algorithm })).CiphertextBlob),
    signature: bytes(
      (await kms.sign({ KeyId: signing.KeyId, Message: Plaintext, SigningAlgorithm: 'ECDSA_SHA_256' })).Signature,
    ),
  }
}

function bytes(value: Uint8Array | undefined): Uint8Array {
  if (value === undefined) throw new Error('there are no bytes')
  return value
}
