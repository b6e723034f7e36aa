/**
 * Each service of the table, both ways that it calls: what its row has is a matter of policies, and the rest is denied.
 *
 * @covers KMS authorization §8
 */
import { AWS_SERVICES, type AwsService, OPERATIONS } from '@softkms/kms'
import type { Kms } from 'softkms'
import { expect, test } from 'vitest'
import { call, refusalOf } from '../../support/kms-fixture.ts'
import { requestFor } from '../../support/operation-requests.ts'
import { allow, createKeyWith, policyOf, reasonsFor } from '../../support/policy-scene.ts'
import {
  BY_GRANT_ALONE,
  GUEST,
  KEEPER,
  USES,
  contextOf,
  createKeyFor,
  delegating,
  forwarded,
  itself,
  principalOf,
  sealFor,
  startServices,
} from '../../support/services/service-scene.ts'

/** What each service may ask for, in words of its own, so that a slip in the table is seen. */
const GRANTS = 'CreateGrant Decrypt DescribeKey GenerateDataKey GenerateDataKeyWithoutPlaintext RetireGrant'
const EXPECTED: Readonly<Record<string, string>> = {
  backup: GRANTS,
  dynamodb: `${GRANTS} Encrypt ReEncryptFrom ReEncryptTo`,
  ec2: GRANTS,
  ecr: 'Decrypt GenerateDataKey',
  elasticfilesystem: GRANTS,
  glue: 'Decrypt GenerateDataKey',
  kinesis: 'Decrypt GenerateDataKey',
  lambda: `${GRANTS} Encrypt`,
  logs: 'Decrypt Encrypt GenerateDataKey',
  rds: GRANTS,
  redshift: GRANTS,
  s3: 'Decrypt GenerateDataKey',
  sagemaker: GRANTS,
  secretsmanager: 'Decrypt GenerateDataKey',
  sns: 'Decrypt GenerateDataKey',
  sqs: 'Decrypt GenerateDataKey',
  ssm: 'Decrypt Encrypt GenerateDataKey',
}

test('the table has these services, each with these actions', () => {
  const actions = AWS_SERVICES.map(({ code, actions: names }) => [code, [...names].toSorted()])
  const expected = Object.entries(EXPECTED).map(([code, names]) => [code, names.split(' ').toSorted()])
  expect(actions).toEqual(expected)
})

const rows = AWS_SERVICES.map((service) => ({ service, title: service.title }))

function usedOf({ actions }: AwsService): readonly string[] {
  return [...actions].filter((action) => action !== BY_GRANT_ALONE)
}

/** Performs everything in the row that policies decide. */
async function useAll(kms: Kms, service: AwsService, key: string, blob: Uint8Array): Promise<readonly string[]> {
  const codes: string[] = []
  for (const action of usedOf(service)) {
    const use = USES[action]
    if (use === undefined) throw new Error(`no request for ${action}`)
    codes.push(
      await use(kms, key, contextOf(service), blob).then(
        () => 'allowed',
        (error: Error) => error.name,
      ),
    )
  }
  return codes
}

function each(service: AwsService, outcome: string): readonly string[] {
  return usedOf(service).map(() => outcome)
}

test.each(rows)('$title: a statement for it stands in for a role that may nothing', async ({ service }) => {
  const { kms } = await startServices()
  const closed = await createKeyWith(kms, policyOf(delegating))
  const open = await createKeyFor(kms, service)
  const denied = each(service, 'AccessDeniedException')
  for (const [key, outcome] of [
    [closed, denied],
    [open, each(service, 'allowed')],
  ] as const) {
    const blob = await sealFor(kms, service, key)
    expect(await useAll(forwarded(kms, service, GUEST), service, key, blob)).toEqual(denied)
    expect(await useAll(itself(kms, service), service, key, blob)).toEqual(outcome)
  }
})

test.each(rows)('$title: on behalf of a role that may, as the role', async ({ service }) => {
  const { kms, audit } = await startServices()
  const key = await createKeyWith(kms, policyOf(delegating))
  const blob = await sealFor(kms, service, key)
  const before = audit.entries.length
  expect(await useAll(forwarded(kms, service, KEEPER), service, key, blob)).toEqual(each(service, 'allowed'))
  const callers = audit.entries.slice(before).map(({ principal, invokedBy }) => `${principal} by ${invokedBy}`)
  expect(new Set(callers)).toEqual(new Set([`${KEEPER} by ${principalOf(service)}`]))
})

test.each(rows)('$title: whatever its row does not have is denied, though policies allow all', async ({ service }) => {
  const { kms } = await startServices()
  const everything = policyOf(delegating, allow({ Principal: { Service: principalOf(service) } }))
  const key = await createKeyWith(kms, everything)
  let denied = 0
  for (const { name, targets } of Object.values(OPERATIONS)) {
    const actions = Object.values<{ readonly action?: string }>(targets).map(({ action }) => action?.slice(4) ?? name)
    const asked = actions.length === 0 ? [name] : actions
    if (asked.every((action) => service.actions.has(action))) continue
    for (const caller of [forwarded(kms, service, KEEPER), itself(kms, service)]) {
      const { code, message } = await refusalOf(call(caller, name, requestFor(name, key)))
      expect(`${name}: ${code}`).toBe(`${name}: AccessDeniedException`)
      expect(message).toMatch(/because no (?:session|identity-based) policy allows the kms:\w+ action$/)
      denied += 1
    }
  }
  expect(denied).toBeGreaterThan(2 * 20)
})

test('a denial tells the same of a key that is there and one that is not', async () => {
  const { kms } = await startServices()
  const key = await createKeyWith(kms, policyOf(delegating))
  const nobody = key.replace(/[^/]+$/, '00000000-0000-4000-8000-000000000000')
  const s3 = kms.asService('s3.amazonaws.com', { onBehalfOf: KEEPER })
  const refusals = await Promise.all([key, nobody].map((KeyId) => refusalOf(s3.describeKey({ KeyId }))))
  expect(refusals[0]).toEqual(refusals[1])
  expect(refusals[0]?.message).toBe(
    `User: ${KEEPER} is not authorized to perform: kms:DescribeKey because no session policy allows the kms:DescribeKey action`,
  )
})

test('policies that are off, or only asked, let no service do more than it does', async () => {
  for (const authorization of ['off', 'audit'] as const) {
    const { kms } = await startServices({ authorization })
    const { KeyMetadata } = await kms.createKey()
    const KeyId = KeyMetadata?.Arn ?? ''
    const s3 = kms.asService('s3.amazonaws.com')
    await expect(s3.generateDataKey({ KeyId, KeySpec: 'AES_256' })).resolves.toMatchObject({ KeyId })
    expect((await refusalOf(s3.disableKey({ KeyId }))).code).toBe('AccessDeniedException')
  }
})

test('why says that it is the service', async () => {
  const { kms } = await startServices()
  const key = await createKeyWith(kms, policyOf(delegating))
  const s3 = kms.asService('s3.amazonaws.com', { onBehalfOf: KEEPER })
  expect(await reasonsFor(s3, 'DisableKey', { KeyId: key })).toEqual(['not for S3', 'allowed by identity policy'])
  const [explanation] = await s3.why('DisableKey', { KeyId: key })
  expect(explanation?.remedies).toEqual(['S3 never asks for kms:DisableKey; no policy can change that.'])
})

test.each([
  ['nobody.amazonaws.com', {}],
  ['s3', {}],
  ['arn:aws:iam::111122223333:role/s3', {}],
  ['s3.amazonaws.com', { onBehalfOf: 'sns.amazonaws.com' }],
  ['s3.amazonaws.com', { onBehalfOf: 'somebody' }],
  ['s3.amazonaws.com', { sourceAccount: '1' }],
  ['s3.amazonaws.com', { sourceArn: 'bucket' }],
])('%s with %o is no service that calls', async (service, options) => {
  const { kms } = await startServices()
  expect(() => kms.asService(service, options)).toThrow(RangeError)
})

test('the engine refuses a service that it does not know, and one that calls as another', async () => {
  const { kms } = await startServices()
  for (const service of ['nobody.amazonaws.com', 'sns.amazonaws.com']) {
    const caller = { ...kms.defaults, principal: 's3.amazonaws.com', service }
    await expect(kms.execute('ListKeys', {}, caller)).rejects.toThrow(RangeError)
  }
  await expect(kms.asService('s3.amazonaws.com').inRegion('nowhere').ownedKey()).rejects.toThrow(RangeError)
})
