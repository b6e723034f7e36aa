/** Grants, each operation once with its success. */
import type * as sdk from '@aws-sdk/client-kms'
import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { ACCOUNT } from '../../support/kms-fixture.ts'
import { A_DATE, A_MATERIAL_ID, type Successes, expectAnswer } from './answers.ts'
import { createTestKey } from './keys.ts'

const GranteePrincipal = `arn:aws:iam::${ACCOUNT}:role/app`
const SOME_TEXT: unknown = expect.stringMatching(/^[\w-]{100,8192}$/)

async function createTestGrant(
  kms: sdk.KMS,
  rest: Partial<sdk.CreateGrantCommandInput> = {},
): Promise<{ readonly KeyId: string; readonly arn: string; readonly GrantId: string; readonly GrantToken: string }> {
  const { KeyId, arn } = await createTestKey(kms)
  const { GrantId = '', GrantToken = '' } = await kms.createGrant({
    KeyId,
    GranteePrincipal,
    Operations: ['Decrypt'],
    ...rest,
  })
  return { KeyId, arn, GrantId, GrantToken }
}

export const GRANT_SUCCESSES = {
  async CreateGrant(kms) {
    const { arn: KeyId } = await createTestKey(kms)
    const request = { KeyId, GranteePrincipal, Operations: ['Decrypt', 'DescribeKey'], Name: 'named' } as const
    const grant = { ...request, Operations: [...request.Operations] }
    const first = await expectAnswer(kms.createGrant(grant))
    expect(first).toStrictEqual({ GrantId: A_MATERIAL_ID, GrantToken: SOME_TEXT })
    const again = await expectAnswer(kms.createGrant({ ...grant, GrantTokens: [first.GrantToken ?? ''] }))
    expect(again.GrantId).toBe(first.GrantId)
    expect(again.GrantToken).not.toBe(first.GrantToken)
  },

  async ListGrants(kms) {
    const Constraints = { EncryptionContextSubset: { tenant: 'blue' } }
    const { KeyId, arn, GrantId } = await createTestGrant(kms, { Constraints, RetiringPrincipal: GranteePrincipal })
    const { Grants, ...rest } = await expectAnswer(kms.listGrants({ KeyId, GranteePrincipal }))
    expect(rest).toStrictEqual({ Truncated: false })
    expect(Grants).toStrictEqual([
      {
        KeyId: arn,
        GrantId,
        Name: '',
        CreationDate: A_DATE,
        GranteePrincipal,
        RetiringPrincipal: GranteePrincipal,
        IssuingAccount: `arn:aws:iam::${ACCOUNT}:root`,
        Operations: ['Decrypt'],
        Constraints,
      },
    ])
  },

  async ListRetirableGrants(kms) {
    const RetiringPrincipal = `arn:aws:iam::${ACCOUNT}:user/${randomUUID()}`
    const { arn, GrantId } = await createTestGrant(kms, { RetiringPrincipal })
    const { Grants, ...rest } = await expectAnswer(kms.listRetirableGrants({ RetiringPrincipal }))
    expect(rest).toStrictEqual({ Truncated: false })
    expect(Grants).toMatchObject([{ KeyId: arn, GrantId, RetiringPrincipal }])
  },

  async RetireGrant(kms) {
    const { KeyId, GrantToken } = await createTestGrant(kms)
    expect(await expectAnswer(kms.retireGrant({ GrantToken }))).toEqual({})
    expect((await kms.listGrants({ KeyId })).Grants).toEqual([])
    const named = await createTestGrant(kms)
    expect(await expectAnswer(kms.retireGrant({ KeyId: named.arn, GrantId: named.GrantId }))).toEqual({})
  },

  async RevokeGrant(kms) {
    const { KeyId, GrantId } = await createTestGrant(kms)
    expect(await expectAnswer(kms.revokeGrant({ KeyId, GrantId }))).toEqual({})
    expect((await kms.listGrants({ KeyId })).Grants).toEqual([])
  },
} satisfies Partial<Successes>
