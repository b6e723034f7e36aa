/** Makes the keys of the fuzzer's scene, and notes what of them fits which member. */
import { KEY_SPECS, type KeySpec, type KmsKeyUsage } from '@softkms/hsm'
import type { ImplementedOperation } from '@softkms/kms'
import type { Kms } from 'softkms'
import { makeMaterial, requestWrapping } from '../support/import-material.ts'
import { ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION, call } from '../support/kms-fixture.ts'
import { openPolicy } from '../support/policies.ts'
import { wrapMaterial } from '../support/wrap-material.ts'
import { CONTEXT, FIXED_POOLS, MESSAGE, type Pools, USER } from './fixed-pools.ts'

const SLOW_SPECS: readonly string[] = ['RSA_3072', 'RSA_4096']

interface SceneKey {
  readonly KeyId: string
  readonly arn: string
  readonly alias: string
}

const KEY_MEMBERS = ['KeyId', 'TargetKeyId', 'SourceKeyId', 'DestinationKeyId'] as const

const KEYS_BY_ID = [
  'DescribeKey',
  'DisableKey',
  'DisableKeyRotation',
  'EnableKey',
  'EnableKeyRotation',
  'GetKeyPolicy',
  'GetKeyRotationStatus',
  'ListGrants',
  'ListKeyPolicies',
  'ListKeyRotations',
  'ListResourceTags',
  'RotateKeyOnDemand',
  'ScheduleKeyDeletion',
] as const satisfies readonly ImplementedOperation[]

export class SceneBuilder {
  readonly good = new Map<string, object[]>()
  readonly #kms: Kms
  readonly #wait: () => void
  readonly #keys: SceneKey[] = []
  readonly #pools: Record<string, unknown[]> = {}
  unavailable: SceneKey = { KeyId: '', arn: '', alias: '' }

  constructor(kms: Kms, wait: () => void) {
    this.#kms = kms
    this.#wait = wait
  }

  pools(): Pools {
    const known = this.#keys.flatMap(({ KeyId, arn, alias }) => [KeyId, arn, alias, arn.replace(/key\/.*/, alias)])
    const first = this.#keys[0]?.arn ?? ''
    const identifiers = [
      ...known,
      ...known.filter((name) => name.startsWith('arn:')).map((arn) => arn.replace(REGION, OTHER_REGION)),
      first.replace(ACCOUNT, OTHER_ACCOUNT),
      first.replace('arn:aws:', 'arn:aws-cn:'),
      `${first}x`,
      'alias/aws/s3',
      'alias/nobody',
      'alias/',
      'mrk-1',
      '00000000-0000-4000-8000-000000000000',
      'arn:aws:kms',
    ]
    return { ...FIXED_POOLS, ...this.#pools, ...Object.fromEntries(KEY_MEMBERS.map((name) => [name, identifiers])) }
  }

  #pool(member: string, ...values: readonly unknown[]): void {
    ;(this.#pools[member] ??= []).push(...values)
  }

  #isGood(operation: ImplementedOperation, ...inputs: readonly object[]): void {
    this.good.set(operation, [...(this.good.get(operation) ?? []), ...inputs])
  }

  async #key(input: object = {}, kms: Kms = this.#kms): Promise<SceneKey> {
    const { KeyMetadata } = await kms.createKey(input)
    const { KeyId = '', Arn: arn = '' } = KeyMetadata ?? {}
    const alias = `alias/key-${this.#keys.length}`
    await kms.createAlias({ AliasName: alias, TargetKeyId: KeyId })
    const key = { KeyId, arn, alias }
    this.#keys.push(key)
    return key
  }

  async build(): Promise<void> {
    const home = await this.#symmetricKey()
    await this.#keysOfOtherKinds()
    await this.#keysInStates()
    await this.#importedKeys()
    await this.#multiRegionKeys()
    await this.#strangersKeys()
    await this.#lists(home)
  }

  /** A key with everything: rotations, tags, grants, ciphertexts. */
  async #symmetricKey(): Promise<SceneKey> {
    const kms = this.#kms
    const key = await this.#key({
      Tags: [
        { TagKey: 'team', TagValue: 'a' },
        { TagKey: 'other', TagValue: '' },
      ],
    })
    const other = await this.#key()
    const { KeyId } = key
    const plain = await kms.encrypt({ KeyId, Plaintext: MESSAGE })
    await kms.rotateKeyOnDemand({ KeyId })
    const bound = await kms.encrypt({ KeyId, Plaintext: MESSAGE, EncryptionContext: CONTEXT })
    this.#pool('CiphertextBlob', plain.CiphertextBlob, bound.CiphertextBlob)
    const grants = [
      await kms.createGrant({
        KeyId,
        GranteePrincipal: USER,
        RetiringPrincipal: USER,
        Operations: ['Decrypt', 'CreateGrant'],
      }),
      await kms.createGrant({ KeyId, GranteePrincipal: USER, Operations: ['Encrypt'], Name: 'named' }),
    ]
    for (const { GrantId, GrantToken } of grants) {
      this.#pool('GrantId', GrantId)
      this.#pool('GrantToken', GrantToken)
      this.#pool('GrantTokens', [GrantToken])
    }
    const [{ GrantId, GrantToken } = {}] = grants
    for (const name of KEYS_BY_ID) this.#isGood(name, { KeyId })
    this.#isGood(
      'CreateKey',
      {},
      { MultiRegion: true, Tags: [{ TagKey: 'a', TagValue: 'b' }] },
      { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' },
    )
    this.#isGood('CreateAlias', { AliasName: 'alias/fresh', TargetKeyId: KeyId })
    this.#isGood('UpdateAlias', { AliasName: other.alias, TargetKeyId: KeyId })
    this.#isGood('DeleteAlias', { AliasName: other.alias })
    this.#isGood('CreateGrant', {
      KeyId,
      GranteePrincipal: USER,
      Operations: ['Encrypt'],
      Constraints: { EncryptionContextSubset: CONTEXT },
    })
    this.#isGood('RetireGrant', { KeyId: key.arn, GrantId }, { GrantToken })
    this.#isGood('RevokeGrant', { KeyId, GrantId })
    this.#isGood('ListRetirableGrants', { RetiringPrincipal: USER })
    this.#isGood('Encrypt', { KeyId, Plaintext: MESSAGE, EncryptionContext: CONTEXT })
    this.#isGood(
      'Decrypt',
      { CiphertextBlob: plain.CiphertextBlob },
      { KeyId, CiphertextBlob: bound.CiphertextBlob, EncryptionContext: CONTEXT },
    )
    this.#isGood('ReEncrypt', { CiphertextBlob: plain.CiphertextBlob, DestinationKeyId: other.alias })
    for (const name of ['GenerateDataKey', 'GenerateDataKeyWithoutPlaintext'] as const) {
      this.#isGood(name, { KeyId, KeySpec: 'AES_256' }, { KeyId, NumberOfBytes: 17, EncryptionContext: CONTEXT })
    }
    for (const name of ['GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext'] as const) {
      this.#isGood(name, { KeyId, KeyPairSpec: 'ECC_NIST_P256' }, { KeyId, KeyPairSpec: 'ECC_NIST_EDWARDS25519' })
    }
    this.#isGood('GenerateRandom', { NumberOfBytes: 32 })
    this.#isGood('ListKeys', {}, { Limit: 2 })
    this.#isGood('DescribeCustomKeyStores', {}, { Limit: 2 })
    this.#isGood('ListAliases', {}, { KeyId })
    this.#isGood('PutKeyPolicy', { KeyId, Policy: openPolicy(ACCOUNT) })
    this.#isGood('TagResource', { KeyId, Tags: [{ TagKey: 'team', TagValue: 'b' }] })
    this.#isGood('UntagResource', { KeyId, TagKeys: ['team'] })
    this.#isGood('UpdateKeyDescription', { KeyId, Description: 'described' })
    return key
  }

  async #keysOfOtherKinds(): Promise<void> {
    const kms = this.#kms
    for (const [spec, { usages }] of Object.entries(KEY_SPECS) as [KeySpec, { usages: readonly string[] }][]) {
      if (spec === 'SYMMETRIC_DEFAULT' || SLOW_SPECS.includes(spec)) continue
      for (const usage of usages.filter((name) => name !== 'UNWRAP') as KmsKeyUsage[]) {
        const { KeyId } = await this.#key({ KeySpec: spec, KeyUsage: usage })
        await this.#useOf(KeyId, usage)
        if (spec !== 'HMAC_224') continue
        await kms.tagResource({ KeyId, Tags: [{ TagKey: 'team', TagValue: 'mac' }] })
      }
    }
  }

  async #useOf(KeyId: string, usage: KmsKeyUsage): Promise<void> {
    const kms = this.#kms
    const { KeyMetadata } = await kms.describeKey({ KeyId })
    const Message = MESSAGE
    if (usage !== 'GENERATE_VERIFY_MAC') this.#isGood('GetPublicKey', { KeyId })
    switch (usage) {
      case 'SIGN_VERIFY': {
        const SigningAlgorithm = KeyMetadata?.SigningAlgorithms?.[0]
        const MessageType = SigningAlgorithm === 'ED25519_PH_SHA_512' ? 'DIGEST' : 'RAW'
        const { Signature } = await kms.sign({ KeyId, Message, MessageType, SigningAlgorithm })
        this.#pool('Signature', Signature)
        this.#isGood('Sign', { KeyId, Message, MessageType, SigningAlgorithm })
        this.#isGood('Verify', { KeyId, Message, MessageType, SigningAlgorithm, Signature })
        return
      }
      case 'GENERATE_VERIFY_MAC': {
        const MacAlgorithm = KeyMetadata?.MacAlgorithms?.[0]
        const { Mac } = await kms.generateMac({ KeyId, Message, MacAlgorithm })
        this.#pool('Mac', Mac)
        this.#isGood('GenerateMac', { KeyId, Message, MacAlgorithm })
        this.#isGood('VerifyMac', { KeyId, Message, MacAlgorithm, Mac })
        return
      }
      case 'KEY_AGREEMENT': {
        const { PublicKey } = await kms.getPublicKey({ KeyId })
        this.#pool('PublicKey', PublicKey)
        this.#isGood('DeriveSharedSecret', { KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey })
        return
      }
      case 'ENCAPSULATE_DECAPSULATE': {
        const algorithm = { KeyId, EncapsulationAlgorithm: 'ML_KEM' } as const
        const { SharedSecretCiphertextBlob } = await kms.encapsulate(algorithm)
        this.#pool('SharedSecretCiphertextBlob', SharedSecretCiphertextBlob)
        this.#isGood('Encapsulate', algorithm)
        this.#isGood('Decapsulate', { ...algorithm, SharedSecretCiphertextBlob })
        return
      }
      case 'ENCRYPT_DECRYPT': {
        const algorithm = { KeyId, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' } as const
        const { CiphertextBlob } = await kms.encrypt({ ...algorithm, Plaintext: MESSAGE })
        this.#pool('CiphertextBlob', CiphertextBlob)
        this.#isGood('Encrypt', { ...algorithm, Plaintext: MESSAGE })
        this.#isGood('Decrypt', { ...algorithm, CiphertextBlob })
        return
      }
      default:
        usage satisfies never
    }
  }

  async #keysInStates(): Promise<void> {
    const kms = this.#kms
    for (const operation of ['DisableKey', 'ScheduleKeyDeletion'] as const) {
      const { KeyId } = await this.#key()
      const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: MESSAGE })
      this.#pool('CiphertextBlob', CiphertextBlob)
      await call(kms, operation, { KeyId })
      this.#isGood(operation === 'DisableKey' ? 'EnableKey' : 'CancelKeyDeletion', { KeyId })
    }
    this.unavailable = await this.#key()
  }

  async #importedKeys(): Promise<void> {
    const kms = this.#kms
    const Origin = 'EXTERNAL'
    const waiting = await this.#key({ Origin })
    const { bytes } = makeMaterial('SYMMETRIC_DEFAULT')
    const request = await wrapMaterial(kms, waiting.KeyId, bytes)
    this.#isGood('ImportKeyMaterial', request)
    this.#isGood('GetParametersForImport', {
      KeyId: waiting.KeyId,
      WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
      WrappingKeySpec: 'RSA_2048',
    })
    const filled = await this.#key({ Origin })
    const wrapping = await requestWrapping(kms, filled.KeyId)
    const never = { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' } as const
    const old = { ...wrapping.wrap(bytes), ...never }
    const { KeyMaterialId } = await kms.importKeyMaterial(old)
    const fresh = {
      ...wrapping.wrap(makeMaterial('SYMMETRIC_DEFAULT').bytes),
      ...never,
      ImportType: 'NEW_KEY_MATERIAL',
    } as const
    await kms.importKeyMaterial(fresh)
    this.#isGood('ImportKeyMaterial', { ...old, ImportType: 'EXISTING_KEY_MATERIAL' })
    this.#isGood('RotateKeyOnDemand', { KeyId: filled.KeyId })
    this.#isGood('DeleteImportedKeyMaterial', { KeyId: filled.KeyId }, { KeyId: filled.KeyId, KeyMaterialId })
    this.#pool('KeyMaterialId', KeyMaterialId)
    for (const { ImportToken, EncryptedKeyMaterial } of [request, old, fresh]) {
      this.#pool('ImportToken', ImportToken)
      this.#pool('EncryptedKeyMaterial', EncryptedKeyMaterial)
    }
    await this.#key({ Origin, KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
  }

  /** Ready ones first: those of which something is on its way come last, and the clock stands still after them. */
  async #multiRegionKeys(): Promise<void> {
    const kms = this.#kms
    const MultiRegion = true
    const ReplicaRegion = OTHER_REGION
    const alone = await this.#key({ MultiRegion })
    const [ready, dying, moving, young] = [
      await this.#key({ MultiRegion }),
      await this.#key({ MultiRegion }),
      await this.#key({ MultiRegion }),
      await this.#key({ MultiRegion }),
    ]
    for (const { KeyId } of [ready, dying, moving]) await kms.replicateKey({ KeyId, ReplicaRegion })
    this.#wait()
    await kms.scheduleKeyDeletion({ KeyId: dying.KeyId })
    await kms.updatePrimaryRegion({ KeyId: moving.KeyId, PrimaryRegion: OTHER_REGION })
    await kms.replicateKey({ KeyId: young.KeyId, ReplicaRegion })
    this.#isGood('ReplicateKey', { KeyId: alone.KeyId, ReplicaRegion })
    this.#isGood('UpdatePrimaryRegion', { KeyId: ready.KeyId, PrimaryRegion: OTHER_REGION })
  }

  async #strangersKeys(): Promise<void> {
    const stranger = this.#kms.as(`arn:aws:iam::${OTHER_ACCOUNT}:root`)
    await this.#key({}, stranger)
    const { arn } = await this.#key({ Policy: openPolicy([ACCOUNT, OTHER_ACCOUNT]) }, stranger)
    const { CiphertextBlob } = await this.#kms.encrypt({ KeyId: arn, Plaintext: MESSAGE })
    this.#pool('CiphertextBlob', CiphertextBlob)
    this.#isGood('DescribeKey', { KeyId: arn })
  }

  /** Markers from every list that has a second page. */
  async #lists({ KeyId }: SceneKey): Promise<void> {
    const kms = this.#kms
    const lists: readonly (readonly [ImplementedOperation, object])[] = [
      ['ListKeys', {}],
      ['ListAliases', {}],
      ['ListGrants', { KeyId }],
      ['ListResourceTags', { KeyId }],
      ['ListKeyRotations', { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }],
    ]
    for (const [name, input] of lists) {
      const { NextMarker: Marker } = (await call(kms, name, { ...input, Limit: 1 })) as { readonly NextMarker?: string }
      if (Marker === undefined) throw new Error(`${name} has no second page`)
      this.#pool('Marker', Marker)
      this.#isGood(name, { ...input, Limit: 1, Marker })
    }
  }
}
