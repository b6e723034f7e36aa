/** Aliases and the rotation of key material, each operation once with its success. */
import { randomUUID } from 'node:crypto'
import { DAY_MS } from '@softkms/lifecycle'
import { expect } from 'vitest'
import { ACCOUNT, REGION, bytesOf } from '../../support/kms-fixture.ts'
import { A_DATE, A_MATERIAL_ID, type Successes, expectAnswer } from './answers.ts'
import { createTestKey } from './keys.ts'

const Plaintext = bytesOf('kept')

export const ALIAS_AND_ROTATION_SUCCESSES = {
  async CreateAlias(kms) {
    const { KeyId, arn } = await createTestKey(kms)
    const AliasName = `alias/created/${randomUUID()}`
    expect(await expectAnswer(kms.createAlias({ AliasName, TargetKeyId: KeyId }))).toEqual({})
    expect((await kms.encrypt({ KeyId: AliasName, Plaintext })).KeyId).toBe(arn)
  },

  async UpdateAlias(kms) {
    const [first, second] = [await createTestKey(kms), await createTestKey(kms)]
    const AliasName = `alias/updated-${randomUUID()}`
    await kms.createAlias({ AliasName, TargetKeyId: first.KeyId })
    expect(await expectAnswer(kms.updateAlias({ AliasName, TargetKeyId: second.arn }))).toEqual({})
    expect((await kms.encrypt({ KeyId: AliasName, Plaintext })).KeyId).toBe(second.arn)
  },

  async DeleteAlias(kms) {
    const { KeyId } = await createTestKey(kms)
    const AliasName = `alias/deleted-${randomUUID()}`
    await kms.createAlias({ AliasName, TargetKeyId: KeyId })
    expect(await expectAnswer(kms.deleteAlias({ AliasName }))).toEqual({})
    expect((await kms.listAliases({ KeyId })).Aliases).toEqual([])
  },

  async ListAliases(kms) {
    const { KeyId } = await createTestKey(kms)
    const AliasName = `alias/listed-${randomUUID()}`
    await kms.createAlias({ AliasName, TargetKeyId: KeyId })
    const { Aliases, ...rest } = await expectAnswer(kms.listAliases({ KeyId }))
    expect(rest).toStrictEqual({ Truncated: false })
    expect(Aliases).toStrictEqual([
      {
        AliasName,
        AliasArn: `arn:aws:kms:${REGION}:${ACCOUNT}:${AliasName}`,
        TargetKeyId: KeyId,
        CreationDate: A_DATE,
        LastUpdatedDate: A_DATE,
      },
    ])
    expect((await kms.listAliases({ Limit: 100 })).Aliases).toContainEqual(Aliases?.[0])
  },

  async EnableKeyRotation(kms) {
    const { KeyId, arn } = await createTestKey(kms)
    expect(await expectAnswer(kms.enableKeyRotation({ KeyId: arn, RotationPeriodInDays: 90 }))).toEqual({})
    expect((await kms.getKeyRotationStatus({ KeyId })).KeyRotationEnabled).toBe(true)
  },

  async DisableKeyRotation(kms) {
    const { KeyId } = await createTestKey(kms)
    await kms.enableKeyRotation({ KeyId })
    expect(await expectAnswer(kms.disableKeyRotation({ KeyId }))).toEqual({})
    expect((await kms.getKeyRotationStatus({ KeyId })).KeyRotationEnabled).toBe(false)
  },

  async GetKeyRotationStatus(kms) {
    const { KeyId, arn } = await createTestKey(kms)
    const off = await expectAnswer(kms.getKeyRotationStatus({ KeyId }))
    expect(off).toStrictEqual({ KeyId: arn, KeyRotationEnabled: false })
    await kms.enableKeyRotation({ KeyId })
    const on = await expectAnswer(kms.getKeyRotationStatus({ KeyId }))
    expect(on).toStrictEqual({
      KeyId: arn,
      KeyRotationEnabled: true,
      RotationPeriodInDays: 365,
      NextRotationDate: A_DATE,
    })
    const dueInMs = (on.NextRotationDate?.getTime() ?? 0) - Date.now()
    expect(Math.round(dueInMs / DAY_MS)).toBe(365)
  },

  async RotateKeyOnDemand(kms) {
    const { KeyId, arn } = await createTestKey(kms)
    const before = await kms.encrypt({ KeyId, Plaintext })
    expect(await expectAnswer(kms.rotateKeyOnDemand({ KeyId }))).toStrictEqual({ KeyId: arn })
    const after = await kms.encrypt({ KeyId, Plaintext })
    const [old, young] = [await kms.decrypt(before), await kms.decrypt(after)]
    expect([old.Plaintext, young.Plaintext]).toEqual([Plaintext, Plaintext])
    expect(old.KeyMaterialId).not.toBe(young.KeyMaterialId)
    expect((await kms.describeKey({ KeyId })).KeyMetadata?.CurrentKeyMaterialId).toBe(young.KeyMaterialId)
  },

  async ListKeyRotations(kms) {
    const { KeyId } = await createTestKey(kms)
    await kms.rotateKeyOnDemand({ KeyId })
    const { Rotations, Truncated } = await expectAnswer(kms.listKeyRotations({ KeyId }))
    expect(Truncated).toBe(false)
    expect(Rotations).toStrictEqual([
      {
        KeyId,
        KeyMaterialId: A_MATERIAL_ID,
        KeyMaterialState: 'CURRENT',
        RotationDate: A_DATE,
        RotationType: 'ON_DEMAND',
      },
    ])
    const all = await kms.listKeyRotations({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' })
    expect(all.Rotations?.map(({ KeyMaterialState }) => KeyMaterialState)).toEqual(['NON_CURRENT', 'CURRENT'])
  },
} satisfies Partial<Successes>
