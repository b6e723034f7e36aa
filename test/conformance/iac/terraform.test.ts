/**
 * Terraform's resources over their whole life: made, read back without a difference, changed, and destroyed.
 *
 * @covers KMS operations-around §7
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { randomOf } from '../../support/import-material.ts'
import { ACCOUNT, OTHER_REGION, REGION, bytesOf } from '../../support/kms-fixture.ts'
import { openPolicy } from '../../support/policies.ts'
import {
  type KeyArguments,
  TerraformExternalKey,
  TerraformKey,
  TerraformReplicaKey,
  readAlias,
  readGrant,
} from './terraform.ts'
import { Tool, isSamePolicy, unless } from './tool.ts'

let tool: Tool

beforeEach(async () => {
  tool = await Tool.start()
})
afterEach(() => tool.kms.destroy())

const USER = `arn:aws:iam::${ACCOUNT}:user/alice`
const DEFAULT_POLICY = JSON.stringify({
  Id: 'default',
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Enable IAM User Permissions',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
})

/** Another run of the tool would find nothing to do. */
async function expectNoDifference(key: TerraformKey, wanted: KeyArguments): Promise<void> {
  const state = await key.read()
  expect(state).toMatchObject({
    description: wanted.description ?? '',
    tags: wanted.tags ?? {},
    isEnabled: wanted.isEnabled ?? true,
    enableKeyRotation: wanted.enableKeyRotation ?? false,
  })
  if (wanted.policy !== undefined) expect(isSamePolicy(state?.policy, wanted.policy)).toBe(true)
  if (wanted.enableKeyRotation === true) expect(state?.rotationPeriodInDays).toBe(wanted.rotationPeriodInDays ?? 365)
}

describe('aws_kms_key', () => {
  it('lives with policy, tags and rotation', async () => {
    const key = new TerraformKey(tool)
    const first: KeyArguments = {
      description: 'orders',
      policy: openPolicy(ACCOUNT, 'first'),
      tags: { team: 'a', stage: 'test' },
      enableKeyRotation: true,
      rotationPeriodInDays: 180,
    }
    await key.create(first)
    await expectNoDifference(key, first)

    const second: KeyArguments = {
      description: 'invoices',
      policy: openPolicy(ACCOUNT, 'second'),
      tags: { team: 'b' },
      enableKeyRotation: true,
      rotationPeriodInDays: 90,
      isEnabled: false,
    }
    await key.update(first, second)
    await expectNoDifference(key, second)

    const third: KeyArguments = { ...second, isEnabled: true, enableKeyRotation: false, tags: {} }
    await key.update(second, third)
    await expectNoDifference(key, third)

    await key.delete({ deletionWindowInDays: 7 })
    expect(await key.read()).toBeUndefined()
    // Destroyed again from an old state, and once it is gone altogether.
    await key.delete()
    tool.clock.advanceDays(7)
    await key.delete()
    expect(await key.read()).toBeUndefined()
  })

  it.each([
    ['RSA_2048', 'SIGN_VERIFY'],
    ['ECC_NIST_P256', 'KEY_AGREEMENT'],
    ['HMAC_256', 'GENERATE_VERIFY_MAC'],
    ['ML_DSA_44', 'SIGN_VERIFY'],
  ] as const)('of spec %s is asked for its rotation like any other', async (spec, usage) => {
    const key = new TerraformKey(tool)
    await key.create({ spec, usage })
    await expectNoDifference(key, { spec, usage })
    await key.delete()
  })

  it('that is made disabled is so when it is read', async () => {
    const key = new TerraformKey(tool)
    await key.create({ isEnabled: false, tags: { a: '' } })
    await expectNoDifference(key, { isEnabled: false, tags: { a: '' } })
  })
})

describe('aws_kms_alias', () => {
  it('is found by name, moves, and goes', async () => {
    const [first, second] = [new TerraformKey(tool), new TerraformKey(tool)]
    await first.create({})
    await second.create({})
    for (const name of ['alias/a', 'alias/b', 'alias/c']) {
      await tool.kms.createAlias({ AliasName: name, TargetKeyId: first.id })
    }
    const AliasName = 'alias/orders'
    expect(await readAlias(tool.kms, AliasName)).toBeUndefined()
    await tool.kms.createAlias({ AliasName, TargetKeyId: first.id })
    const alias = await readAlias(tool.kms, AliasName)
    expect(alias).toMatchObject({ TargetKeyId: first.id, AliasArn: `arn:aws:kms:${REGION}:${ACCOUNT}:${AliasName}` })
    await tool.kms.updateAlias({ AliasName, TargetKeyId: second.id })
    expect((await readAlias(tool.kms, AliasName))?.TargetKeyId).toBe(second.id)
    await tool.kms.deleteAlias({ AliasName })
    expect(await readAlias(tool.kms, AliasName)).toBeUndefined()
    await unless('NotFoundException', tool.kms.deleteAlias({ AliasName }))
  })
})

describe('aws_kms_external_key', () => {
  it('takes its material, expires when it is told, and is disabled and destroyed', async () => {
    const key = new TerraformExternalKey(tool)
    const material = randomOf(32)
    await key.createExternal(material)
    expect((await key.find())?.ExpirationModel).toBe('KEY_MATERIAL_DOES_NOT_EXPIRE')
    const validTo = new Date(tool.clock.now() + 30 * 86_400_000)
    await key.import(material, validTo)
    expect(await key.find()).toMatchObject({ ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: validTo })
    await key.enable(false)
    expect(await key.read()).toMatchObject({ isEnabled: false, enableKeyRotation: undefined })
    await key.delete({ deletionWindowInDays: 7 })
    expect(await key.read()).toBeUndefined()
  })
})

describe('aws_kms_replica_key', () => {
  it('is waited for, changed on its own, and destroyed before its primary', async () => {
    const primary = new TerraformKey(tool)
    await primary.create({ multiRegion: true, description: 'at home' })
    const replica = new TerraformReplicaKey(tool, tool.inRegion(OTHER_REGION))
    const first: KeyArguments = { description: 'abroad', tags: { where: 'abroad' }, policy: openPolicy(ACCOUNT) }
    expect(await replica.replicate(primary, OTHER_REGION, first)).toBeGreaterThan(1)
    await expectNoDifference(replica, first)
    expect((await replica.find())?.MultiRegionConfiguration?.PrimaryKey?.Arn).toBe((await primary.find())?.Arn)
    const second: KeyArguments = { ...first, description: 'far abroad', isEnabled: false }
    await replica.update(first, second)
    await expectNoDifference(replica, second)
    await expectNoDifference(primary, { description: 'at home' })
    await replica.delete({ deletionWindowInDays: 7 })
    await primary.delete({ deletionWindowInDays: 7 })
    expect(await primary.read()).toBeUndefined()
    replica.kms.destroy()
  })
})

describe('aws_kms_grant', () => {
  it('is found among many, and is revoked or retired', async () => {
    const key = new TerraformKey(tool)
    await key.create({})
    const { id: KeyId } = key
    const request = { KeyId, GranteePrincipal: USER, Operations: ['Encrypt' as const] }
    for (let i = 0; i < 101; i++) await tool.kms.createGrant({ ...request, Name: `grant-${i}` })
    const constraint = { EncryptionContextEquals: { tenant: 'a' } }
    for (const end of ['revokeGrant', 'retireGrant'] as const) {
      const { GrantId, GrantToken } = await tool.kms.createGrant({ ...request, Name: end, Constraints: constraint })
      expect(GrantToken).toMatch(/^.+$/)
      expect(await readGrant(tool.kms, KeyId, GrantId)).toMatchObject({
        Name: end,
        GranteePrincipal: USER,
        Operations: ['Encrypt'],
        Constraints: constraint,
      })
      await tool.kms[end]({ KeyId, GrantId })
      await tool.waitUntil(async () => (await readGrant(tool.kms, KeyId, GrantId)) === undefined)
      await unless('NotFoundException', tool.kms[end]({ KeyId, GrantId }))
    }
  })

  it('takes one constraint alone, in the words that the provider knows', async () => {
    const key = new TerraformKey(tool)
    await key.create({})
    const both = { EncryptionContextEquals: { a: 'b' }, EncryptionContextSubset: { a: 'b' } }
    const request = { KeyId: key.id, GranteePrincipal: USER, Operations: ['Encrypt' as const], Constraints: both }
    await expect(tool.kms.createGrant(request)).rejects.toThrow('More than one constraint supplied')
  })
})

describe('aws_kms_key_policy', () => {
  it('puts a policy, and the default one when it is destroyed', async () => {
    const key = new TerraformKey(tool)
    await key.create({})
    for (const policy of [openPolicy(ACCOUNT), DEFAULT_POLICY]) {
      await key.putPolicy(policy)
      await expectNoDifference(key, { policy })
    }
  })
})

describe('data sources', () => {
  it('aws_kms_ciphertext and aws_kms_secrets undo each other; aws_kms_public_key reads', async () => {
    const key = new TerraformKey(tool)
    await key.create({})
    const EncryptionContext = { tenant: 'a' }
    const Plaintext = bytesOf('secret')
    const { CiphertextBlob } = await tool.kms.encrypt({ KeyId: key.id, Plaintext, EncryptionContext })
    const opened = await tool.kms.decrypt({ CiphertextBlob, EncryptionContext, GrantTokens: [] })
    expect(opened.Plaintext).toEqual(Plaintext)

    const signing = new TerraformKey(tool)
    await signing.create({ spec: 'ECC_NIST_P256', usage: 'SIGN_VERIFY' })
    const { KeyUsage, SigningAlgorithms } = await tool.kms.getPublicKey({ KeyId: signing.id, GrantTokens: [] })
    expect({ KeyUsage, SigningAlgorithms }).toEqual({ KeyUsage: 'SIGN_VERIFY', SigningAlgorithms: ['ECDSA_SHA_256'] })
  })

  it('aws_kms_key finds a key by any name', async () => {
    const key = new TerraformKey(tool)
    await key.create({})
    await tool.kms.createAlias({ AliasName: 'alias/there', TargetKeyId: key.id })
    const arn = (await key.read())?.arn
    for (const KeyId of [key.id, arn, 'alias/there', `arn:aws:kms:${REGION}:${ACCOUNT}:alias/there`]) {
      expect((await tool.kms.describeKey({ KeyId, GrantTokens: [] })).KeyMetadata?.Arn).toBe(arn)
    }
  })
})
