/**
 * The end of grants, by retiring and revoking, and their lists.
 *
 * @covers KMS operations, RetireGrant, RevokeGrant, ListGrants, ListRetirableGrants; authorization §4
 */
import type { Caller, CreateGrantRequest } from '@softkms/kms'
import { expect, test } from 'vitest'
import { GRANTEES, grantOn, startGrantScene } from '../../support/grant-scene.ts'
import { ACCOUNT, OTHER_ACCOUNT, days, expectRefusal, refusalOf } from '../../support/kms-fixture.ts'
import { allow, deny, policyOf } from '../../support/policy-scene.ts'

const ROOT = `arn:aws:iam::${ACCOUNT}:root`
const NOBODY = '0'.repeat(64)

const DELEGATED: CreateGrantRequest['Operations'] = ['Decrypt', 'RetireGrant']

/** Who may retire; `with policy` means that a policy of the account must allow it, too. */
test.each<readonly [rest: Partial<CreateGrantRequest>, who: string, outcome: 'ok' | 'with policy' | 'never']>([
  [{}, ROOT, 'ok'],
  [{}, GRANTEES.user, 'with policy'],
  [{}, GRANTEES.stranger, 'never'],
  [{}, GRANTEES.strangeRoot, 'never'],
  [{ Operations: DELEGATED }, GRANTEES.user, 'ok'],
  [{ Operations: DELEGATED, GranteePrincipal: GRANTEES.role }, GRANTEES.session, 'ok'],
  [{ Operations: DELEGATED, GranteePrincipal: GRANTEES.stranger }, GRANTEES.stranger, 'ok'],
  [{ GranteePrincipal: GRANTEES.stranger }, GRANTEES.stranger, 'never'],
  [{ RetiringPrincipal: GRANTEES.stranger }, GRANTEES.stranger, 'ok'],
  [{ RetiringPrincipal: GRANTEES.role }, GRANTEES.session, 'ok'],
  [{ RetiringPrincipal: GRANTEES.session }, GRANTEES.otherSession, 'with policy'],
  [{ RetiringPrincipal: GRANTEES.strangeRoot }, GRANTEES.strangeRoot, 'ok'],
  [{ RetiringPrincipal: GRANTEES.strangeRoot }, GRANTEES.stranger, 'with policy'],
  // What a grant asks of contexts does not matter to its end.
  [{ Operations: DELEGATED, Constraints: { EncryptionContextEquals: { a: 'b' } } }, GRANTEES.user, 'ok'],
])('a grant with %o, retired by %s: %s', async (rest, who, outcome) => {
  const scene = await startGrantScene()
  const { kms, iam, key } = scene
  // The key policy is open for it, which is of no use.
  const open = allow({ Principal: '*', Action: 'kms:RetireGrant' })
  await kms.putKeyPolicy({ KeyId: key.keyId, Policy: policyOf(allow({ Principal: { AWS: ROOT } }), open) })
  const byToken = await grantOn(kms, key.keyId, rest)
  const byId = await grantOn(kms, key.keyId, rest)
  const caller = kms.as(who)
  const retire = [
    async () => caller.retireGrant({ GrantToken: byToken.token }),
    async () => caller.retireGrant({ KeyId: key.arn, GrantId: byId.grantId }),
  ]
  if (outcome !== 'ok') {
    for (const attempt of retire) expect((await refusalOf(attempt())).code).toBe('AccessDeniedException')
    if (!who.endsWith(':root')) {
      iam.set(who, { identity: [policyOf(allow({ Action: 'kms:RetireGrant' }))] })
    }
  }
  if (outcome === 'never') {
    for (const attempt of retire) expect((await refusalOf(attempt())).code).toBe('AccessDeniedException')
    return
  }
  for (const attempt of retire) await expect(attempt()).resolves.toEqual({})
  expect((await kms.listGrants({ KeyId: key.keyId })).Grants).toEqual([])
})

test('a statement that denies keeps even those from retiring whom the grant names', async () => {
  const { kms, key } = await startGrantScene()
  const { token } = await grantOn(kms, key.keyId, { RetiringPrincipal: GRANTEES.role })
  const Condition = {
    StringEquals: { 'kms:EncryptionContext:tenant': 'blue', 'kms:GrantConstraintType': 'EncryptionContextSubset' },
  }
  const denying = deny({ Principal: '*', Action: 'kms:RetireGrant', Condition })
  await kms.putKeyPolicy({ KeyId: key.keyId, Policy: policyOf(allow({ Principal: { AWS: ROOT } }), denying) })
  await expect(kms.as(GRANTEES.session).retireGrant({ GrantToken: token })).resolves.toEqual({})
  const Constraints = { EncryptionContextSubset: { tenant: 'blue' } }
  const bound = await grantOn(kms, key.keyId, { RetiringPrincipal: GRANTEES.role, Constraints })
  const refused = await refusalOf(kms.as(GRANTEES.session).retireGrant({ GrantToken: bound.token }))
  expect(refused.message).toContain('with an explicit deny in a resource-based policy')
})

test('retiring says whom it would have taken', async () => {
  const { kms, key } = await startGrantScene()
  const { token } = await grantOn(kms, key.keyId)
  const [explanation] = await kms.as(GRANTEES.strangeRoot).why('RetireGrant', { GrantToken: token })
  expect(explanation?.remedies).toEqual([
    'A grant is retired by its retiring principal, by its grantee if RetireGrant is among its operations, or by the ' +
      `account that made it; ${GRANTEES.strangeRoot} is none of them.`,
  ])
})

test('retiring names its grant in one way', async () => {
  const scene = await startGrantScene()
  const { kms, key, store } = scene
  const { grantId: GrantId, token: GrantToken } = await grantOn(kms, key.keyId)
  const message = 'You must specify either a grant token, or a key ID and a grant ID.'
  for (const request of [
    {},
    { KeyId: key.arn },
    { GrantId },
    { GrantToken, GrantId },
    { GrantToken, KeyId: key.arn },
  ]) {
    await expectRefusal({ kms, store }, 'RetireGrant', request, 'ValidationException', message)
  }
  const alias = { KeyId: 'alias/x', GrantId }
  const noAlias = 'Key Aliases are not supported for this operation.'
  await expectRefusal(scene, 'RetireGrant', alias, 'InvalidArnException', noAlias)
})

test('what is not there cannot end, and a stranger is not told', async () => {
  const scene = await startGrantScene()
  const { kms, key } = scene
  const { grantId, token } = await grantOn(kms, key.keyId)
  const other = (await kms.createKey()).KeyMetadata?.Arn
  for (const operation of ['RetireGrant', 'RevokeGrant'] as const) {
    for (const request of [
      { KeyId: key.arn, GrantId: NOBODY },
      { KeyId: other, GrantId: grantId },
    ]) {
      const message = `Grant ID ${request.GrantId} not found`
      await expectRefusal(scene, operation, request, 'NotFoundException', message)
    }
    for (const GrantId of ['x', NOBODY.slice(1), `${NOBODY}0`, NOBODY.replace('0', 'A')]) {
      const message = `Invalid grant ID '${GrantId}'`
      await expectRefusal(scene, operation, { KeyId: key.arn, GrantId }, 'InvalidGrantIdException', message)
    }
  }
  const stranger = kms.as(GRANTEES.strangeRoot)
  const there = await refusalOf(stranger.retireGrant({ KeyId: key.arn, GrantId: grantId }))
  expect(await refusalOf(stranger.retireGrant({ KeyId: key.arn, GrantId: NOBODY }))).toEqual(there)
  const nowhere = key.arn.replace(key.keyId, '01234567-89ab-cdef-0123-456789abcdef')
  expect(await refusalOf(stranger.retireGrant({ KeyId: nowhere, GrantId: NOBODY }))).toEqual(there)
  await kms.retireGrant({ GrantToken: token })
  const gone = await refusalOf(kms.retireGrant({ GrantToken: token }))
  expect(gone).toEqual({ code: 'NotFoundException', message: `Grant ID ${grantId} not found` })
})

test('of those that end a grant at once, one does', async () => {
  const { kms, key } = await startGrantScene()
  const { grantId, token } = await grantOn(kms, key.keyId)
  const outcomes = await Promise.allSettled([
    kms.retireGrant({ GrantToken: token }),
    kms.revokeGrant({ KeyId: key.keyId, GrantId: grantId }),
    kms.retireGrant({ KeyId: key.arn, GrantId: grantId }),
  ])
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected'])
})

test('grants go with their key', async () => {
  const { kms, key, clock, store } = await startGrantScene()
  await grantOn(kms, key.keyId, { RetiringPrincipal: GRANTEES.user })
  const record = (await store.listKeys({ account: ACCOUNT, region: 'eu-west-1' }, { limit: 1 })).items[0]
  await kms.scheduleKeyDeletion({ KeyId: key.keyId, PendingWindowInDays: 7 })
  expect((await kms.listGrants({ KeyId: key.keyId })).Grants).toHaveLength(1)
  clock.advance(days(8))
  expect((await kms.listRetirableGrants({ RetiringPrincipal: GRANTEES.user })).Grants).toEqual([])
  if (record === undefined) throw new Error('there was no key')
  await expect(store.countGrants(record)).resolves.toBe(0)
})

test('the list of a key, in pages, of one grantee and of one grant', async () => {
  const scene = await startGrantScene()
  const { kms, key } = scene
  const ids: string[] = []
  for (let i = 0; i < 7; i++) {
    const GranteePrincipal = i % 2 === 0 ? GRANTEES.user : GRANTEES.role
    ids.push((await grantOn(kms, key.keyId, { GranteePrincipal, Name: `n${i}` })).grantId)
  }
  const pages: string[][] = []
  let Marker: string | undefined
  do {
    const page = await kms.listGrants({ KeyId: key.keyId, Limit: 3, Marker })
    pages.push((page.Grants ?? []).map(({ GrantId = '' }) => GrantId))
    expect(page.Truncated).toBe(page.NextMarker !== undefined)
    Marker = page.NextMarker
  } while (Marker !== undefined)
  expect(pages.map(({ length }) => length)).toEqual([3, 3, 1])
  expect(pages.flat()).toEqual(ids.toSorted())

  const list = async (rest: object): Promise<readonly string[]> =>
    ((await kms.listGrants({ KeyId: key.keyId, ...rest })).Grants ?? []).map(({ Name = '' }) => Name).toSorted()
  expect(await list({ GranteePrincipal: GRANTEES.role })).toEqual(['n1', 'n3', 'n5'])
  expect(await list({ GranteePrincipal: GRANTEES.session })).toEqual([])
  // The same role as a session sees it, and another ARN.
  expect(await list({ GranteePrincipal: GRANTEES.role.replace('/team', '') })).toEqual([])
  expect(await list({ GrantId: ids[4] })).toEqual(['n4'])
  expect(await list({ GrantId: ids[4], GranteePrincipal: GRANTEES.role })).toEqual([])
  expect(await list({ GrantId: NOBODY })).toEqual([])

  const first = await kms.listGrants({ KeyId: key.keyId, Limit: 1 })
  const other = (await kms.createKey()).KeyMetadata?.KeyId
  for (const rest of [{ KeyId: other }, { KeyId: key.keyId, GranteePrincipal: GRANTEES.user }]) {
    const request = { ...rest, Marker: first.NextMarker }
    await expectRefusal(scene, 'ListGrants', request, 'InvalidMarkerException', 'Invalid marker.')
  }
  const service = { KeyId: key.keyId, GranteeServicePrincipal: 'sqs.amazonaws.com' }
  const message = 'GranteeServicePrincipal is only valid in requests of AWS services.'
  await expectRefusal(scene, 'ListGrants', service, 'ValidationException', message)
})

test('what a principal may retire, on whoever’s keys', async () => {
  const scene = await startGrantScene()
  const { kms, key } = scene
  const RetiringPrincipal = GRANTEES.stranger
  const ids: string[] = []
  for (let i = 0; i < 3; i++) ids.push((await grantOn(kms, key.keyId, { RetiringPrincipal })).grantId)
  const stranger = kms.as(OTHER_ACCOUNT)
  const own = (await stranger.createKey()).KeyMetadata?.KeyId ?? ''
  ids.push((await grantOn(stranger, own, { RetiringPrincipal })).grantId)
  await grantOn(kms, key.keyId, { RetiringPrincipal: GRANTEES.strangeRoot })

  const first = await stranger.listRetirableGrants({ RetiringPrincipal, Limit: 3 })
  const second = await stranger.listRetirableGrants({ RetiringPrincipal, Marker: first.NextMarker })
  const listed = [...(first.Grants ?? []), ...(second.Grants ?? [])]
  expect(listed.map(({ GrantId }) => GrantId)).toEqual(ids.toSorted())
  expect(second.Truncated).toBe(false)
  expect(listed.filter(({ KeyId }) => KeyId === key.arn)).toHaveLength(3)

  expect(await refusalOf(kms.listRetirableGrants({ RetiringPrincipal }))).toMatchObject({
    code: 'AccessDeniedException',
  })
  for (const request of [{}, { RetiringPrincipal: GRANTEES.user, RetiringServicePrincipal: 'sqs.amazonaws.com' }]) {
    const message = 'You must specify exactly one of RetiringPrincipal and RetiringServicePrincipal.'
    await expectRefusal(scene, 'ListRetirableGrants', request, 'ValidationException', message)
  }
  const service = { RetiringServicePrincipal: 'sqs.amazonaws.com' }
  const message = 'RetiringServicePrincipal is only valid in requests of AWS services.'
  await expectRefusal(scene, 'ListRetirableGrants', service, 'ValidationException', message)
})

test('a service lists the grants that name it, and those alone', async () => {
  const { kms, key } = await startGrantScene()
  const GranteeServicePrincipal = 'sqs.amazonaws.com'
  const policy = policyOf(
    allow({ Principal: { AWS: ROOT } }),
    allow({ Principal: { Service: GranteeServicePrincipal }, Action: 'kms:ListGrants' }),
  )
  await kms.putKeyPolicy({ KeyId: key.keyId, Policy: policy })
  const { GrantId } = await kms.createGrant({
    KeyId: key.keyId,
    GranteeServicePrincipal,
    RetiringServicePrincipal: GranteeServicePrincipal,
    Operations: ['Decrypt'],
    Constraints: { SourceArn: `arn:aws:sqs:eu-west-1:${ACCOUNT}:queue` },
  })
  const caller = { account: ACCOUNT, region: 'eu-west-1', principal: GranteeServicePrincipal }
  const listed = await kms.execute('ListGrants', { KeyId: key.arn, GranteeServicePrincipal }, caller)
  expect(listed).toMatchObject({
    Grants: [{ GrantId, GranteeServicePrincipal, RetiringServicePrincipal: GranteeServicePrincipal }],
  })
  const retirable = { RetiringServicePrincipal: GranteeServicePrincipal }
  expect(await kms.execute('ListRetirableGrants', retirable, caller)).toMatchObject({ Grants: [{ GrantId }] })
  const another = { ...caller, principal: 'sns.amazonaws.com' }
  await expect(kms.execute('ListRetirableGrants', retirable, another)).rejects.toMatchObject({
    code: 'AccessDeniedException',
  })
  await expect(kms.execute('RetireGrant', { KeyId: key.arn, GrantId }, caller)).resolves.toEqual({})
})

test('a service is one with and without its Region', async () => {
  const { kms, key } = await startGrantScene()
  const [plain, regional, elsewhere] = ['', '.eu-west-1', '.us-east-1'].map((in_) => `dynamodb${in_}.amazonaws.com`)
  if (plain === undefined || regional === undefined || elsewhere === undefined) throw new Error('there are three')
  const Policy = policyOf(
    allow({ Principal: { AWS: ROOT } }),
    allow({ Principal: { Service: plain }, Action: 'kms:ListGrants' }),
  )
  await kms.putKeyPolicy({ KeyId: key.keyId, Policy })
  const SourceArn = `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/orders`
  const from = (principal: string): Caller => ({
    account: ACCOUNT,
    region: 'eu-west-1',
    principal,
    conditionKeys: { 'aws:SourceArn': SourceArn },
  })
  const Plaintext = new Uint8Array(1)
  for (const [grantee, retiring] of [
    [plain, regional],
    [regional, plain],
  ] as const) {
    const { GrantId } = await kms.createGrant({
      KeyId: key.keyId,
      GranteeServicePrincipal: grantee,
      RetiringServicePrincipal: retiring,
      Operations: ['Encrypt'],
      Constraints: { SourceArn },
    })
    for (const caller of [plain, regional]) {
      await expect(kms.execute('Encrypt', { KeyId: key.arn, Plaintext }, from(caller))).resolves.toBeDefined()
      const byGrantee = { KeyId: key.arn, GranteeServicePrincipal: caller }
      expect(await kms.execute('ListGrants', byGrantee, from(caller))).toMatchObject({ Grants: [{ GrantId }] })
      const byRetiring = { RetiringServicePrincipal: caller }
      expect(await kms.execute('ListRetirableGrants', byRetiring, from(caller))).toMatchObject({
        Grants: [{ GrantId }],
      })
    }
    const denied = { code: 'AccessDeniedException' }
    expect(await refusalOf(kms.execute('Encrypt', { KeyId: key.arn, Plaintext }, from(elsewhere)))).toMatchObject(
      denied,
    )
    await expect(kms.execute('RetireGrant', { KeyId: key.arn, GrantId }, from(grantee))).resolves.toEqual({})
  }
})

test('what services may retire is for them alone to list', async () => {
  const { kms, key } = await startGrantScene()
  const service = 'rds.amazonaws.com'
  for (const retiring of [{ RetiringPrincipal: service }, { RetiringServicePrincipal: service }]) {
    await grantOn(kms, key.keyId, retiring)
  }
  const denied = { code: 'AccessDeniedException' }
  for (const account of [ACCOUNT, OTHER_ACCOUNT]) {
    expect(await refusalOf(kms.as(account).listRetirableGrants({ RetiringPrincipal: service }))).toMatchObject(denied)
  }
  for (const [principal, isTold] of [
    ['rds.eu-west-1.amazonaws.com', true],
    ['sqs.amazonaws.com', false],
  ] as const) {
    const caller = { account: OTHER_ACCOUNT, region: 'eu-west-1', principal }
    const listed = kms.execute('ListRetirableGrants', { RetiringServicePrincipal: service }, caller)
    if (isTold) await expect(listed).resolves.toMatchObject({ Grants: [{ KeyId: key.arn }] })
    else expect(await refusalOf(listed)).toMatchObject(denied)
  }
})
