/**
 * What conditions see of a service that calls: for whom, through what, with which encryption context, for which resource.
 *
 * @covers KMS authorization §6, §8
 */
import { AWS_SERVICES } from '@softkms/kms'
import type { Kms, ServiceOptions } from 'softkms'
import { expect, test } from 'vitest'
import { ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION, refusalOf } from '../../support/kms-fixture.ts'
import { allow, createKeyWith, deny, policyOf } from '../../support/policy-scene.ts'
import { KEEPER, forwarded, itself, principalOf, startServices } from '../../support/services/service-scene.ts'

const LOGS = 'logs.amazonaws.com'
const GROUP = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:app`

async function outcomeOf(kms: Kms, KeyId: string, EncryptionContext: Record<string, string> = {}): Promise<string> {
  return kms.generateDataKey({ KeyId, KeySpec: 'AES_256', EncryptionContext }).then(
    () => 'allowed',
    (error: Error) => error.name,
  )
}

const DENIED = 'AccessDeniedException'

test.each(AWS_SERVICES.map((service) => ({ service, title: service.title })))(
  '$title: kms:ViaService names it when it forwards, in the Region that is asked',
  async ({ service }) => {
    const { kms } = await startServices()
    const through = { StringEquals: { 'kms:ViaService': `${service.code}.${REGION}.amazonaws.com` } }
    const key = await createKeyWith(kms, policyOf(allow({ Principal: { AWS: KEEPER }, Condition: through })))
    expect(await outcomeOf(forwarded(kms, service, KEEPER), key)).toBe('allowed')
    expect(await outcomeOf(itself(kms, service), key)).toBe(DENIED)
    expect(await outcomeOf(kms.as(KEEPER), key)).toBe(DENIED)
    const other = AWS_SERVICES.find(({ code }) => code !== service.code) ?? service
    expect(await outcomeOf(forwarded(kms, other, KEEPER), key)).toBe(DENIED)
  },
)

test('the Region in kms:ViaService is the one of the request', async () => {
  const { kms } = await startServices()
  const far = kms.inRegion(OTHER_REGION)
  const through = { StringEquals: { 'kms:ViaService': `s3.${OTHER_REGION}.amazonaws.com` } }
  const key = await createKeyWith(far, policyOf(allow({ Principal: { AWS: KEEPER }, Condition: through })))
  const s3 = kms.asService('s3.amazonaws.com', { onBehalfOf: KEEPER }).inRegion(OTHER_REGION)
  expect(await outcomeOf(s3, key)).toBe('allowed')
})

/** What is asked of each condition key, and which of the two ways of calling meets it; `itself` for a statement of both. */
const VALUES: ReadonlyArray<readonly [key: string, value: string, forwarded: boolean, itself: boolean]> = [
  ['aws:ViaAWSService', 'true', true, false],
  ['aws:ViaAWSService', 'false', false, true],
  ['aws:PrincipalIsAWSService', 'true', false, true],
  ['aws:PrincipalIsAWSService', 'false', true, false],
  ['aws:PrincipalServiceName', LOGS, false, true],
  ['aws:PrincipalArn', KEEPER, true, false],
  ['aws:CalledViaFirst', LOGS, true, false],
  ['aws:CalledViaLast', LOGS, true, false],
  ['aws:SourceArn', GROUP, true, true],
  ['aws:SourceAccount', ACCOUNT, true, true],
  ['kms:CallerAccount', ACCOUNT, true, false],
  ['kms:EncryptionContext:aws:logs:arn', GROUP, true, true],
]

test.each(VALUES)('%s equals %s: forwarded %s, as itself %s', async (name, value, whenForwarded, whenItself) => {
  const { kms } = await startServices()
  const Condition = { StringEquals: { [name]: value } }
  const key = await createKeyWith(kms, policyOf(allow({ Principal: { AWS: KEEPER, Service: LOGS }, Condition })))
  const context = { 'aws:logs:arn': GROUP }
  const options: ServiceOptions = { sourceArn: GROUP }
  const outcomes = await Promise.all([
    outcomeOf(kms.asService(LOGS, { ...options, onBehalfOf: KEEPER }), key, context),
    outcomeOf(kms.asService(LOGS, options), key, context),
  ])
  expect(outcomes).toEqual([whenForwarded, whenItself].map((isMet) => (isMet ? 'allowed' : DENIED)))
})

test('aws:CalledVia is a list', async () => {
  const { kms } = await startServices()
  const Condition = { 'ForAnyValue:StringEquals': { 'aws:CalledVia': [LOGS] } }
  const key = await createKeyWith(kms, policyOf(allow({ Principal: { AWS: KEEPER, Service: LOGS }, Condition })))
  expect(await outcomeOf(kms.asService(LOGS, { onBehalfOf: KEEPER }), key)).toBe('allowed')
  expect(await outcomeOf(kms.asService(LOGS), key)).toBe(DENIED)
})

test.each(AWS_SERVICES.map((service) => ({ service, title: service.title })))(
  '$title: a deputy is confused by nobody',
  async ({ service }) => {
    const { kms } = await startServices()
    const mine = `arn:aws:${service.code}:${REGION}:${ACCOUNT}:thing/mine`
    const Principal = { Service: principalOf(service) }
    const byArn = await createKeyWith(
      kms,
      policyOf(allow({ Principal, Condition: { ArnLike: { 'aws:SourceArn': mine } } })),
    )
    const byAccount = await createKeyWith(
      kms,
      policyOf(allow({ Principal, Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } })),
    )
    const theirs = `arn:aws:${service.code}:${REGION}:${OTHER_ACCOUNT}:thing/theirs`
    const bare = kms.asService(principalOf(service))
    const cases = [
      [itself(kms, service, { sourceArn: mine }), 'allowed', 'allowed'],
      [itself(kms, service, { sourceArn: `${mine}-too` }), DENIED, 'allowed'],
      [itself(kms, service, { sourceArn: theirs, sourceAccount: OTHER_ACCOUNT }), DENIED, DENIED],
      [bare, DENIED, DENIED],
    ] as const
    for (const [caller, ofArn, ofAccount] of cases) {
      expect(await outcomeOf(caller, byArn)).toBe(ofArn)
      expect(await outcomeOf(caller, byAccount)).toBe(ofAccount)
    }
  },
)

test('the account of a source is the one in its ARN, when there is one', async () => {
  const { kms } = await startServices()
  const Condition = { StringEquals: { 'aws:SourceAccount': ACCOUNT } }
  const Principal = { Service: ['s3.amazonaws.com', LOGS] }
  const key = await createKeyWith(kms, policyOf(allow({ Principal, Condition })))
  expect(await outcomeOf(kms.asService(LOGS, { sourceArn: GROUP }), key)).toBe('allowed')
  const sourceArn = 'arn:aws:s3:::bucket'
  expect(await outcomeOf(kms.asService('s3.amazonaws.com', { sourceArn }), key)).toBe(DENIED)
  expect(await outcomeOf(kms.asService('s3.amazonaws.com', { sourceArn, sourceAccount: ACCOUNT }), key)).toBe('allowed')
})

test.each([
  [LOGS, LOGS, true],
  [LOGS, `logs.${REGION}.amazonaws.com`, true],
  [`logs.${REGION}.amazonaws.com`, LOGS, true],
  [`logs.${REGION}.amazonaws.com`, `logs.${REGION}.amazonaws.com`, true],
  [LOGS, `logs.${OTHER_REGION}.amazonaws.com`, false],
  [`logs.${OTHER_REGION}.amazonaws.com`, LOGS, false],
  [LOGS, 's3.amazonaws.com', false],
])('a statement for %s is about %s in its Region: %s', async (named, caller, isAbout) => {
  const { kms } = await startServices()
  const key = await createKeyWith(kms, policyOf(allow({ Principal: { Service: named } })))
  expect(await outcomeOf(kms.asService(caller), key)).toBe(isAbout ? 'allowed' : DENIED)
  const denying = policyOf(allow({ Principal: '*' }), deny({ Principal: { Service: named } }))
  const closed = await createKeyWith(kms, denying)
  expect(await outcomeOf(kms.asService(caller), closed)).toBe(isAbout ? DENIED : 'allowed')
})

test('a service may use a key of any account whose policy names it, on behalf of one both must allow', async () => {
  const { kms } = await startServices()
  const key = await createKeyWith(kms, policyOf(allow({ Principal: { Service: LOGS } })))
  expect(await outcomeOf(kms.asService(LOGS, { sourceAccount: OTHER_ACCOUNT }), key)).toBe('allowed')
  const theirs = `arn:aws:iam::${OTHER_ACCOUNT}:role/reader`
  expect(await outcomeOf(kms.asService(LOGS, { onBehalfOf: theirs }), key)).toBe(DENIED)
  const shared = await createKeyWith(kms, policyOf(allow({ Principal: { AWS: OTHER_ACCOUNT } })))
  expect(await outcomeOf(kms.asService(LOGS, { onBehalfOf: theirs }), shared)).toBe('allowed')
})

test('what else is known of a caller goes with what the service forwards, and is not overruled', async () => {
  const { kms } = await startServices()
  const Condition = {
    StringEquals: { 'aws:PrincipalTag/team': 'blue', 'kms:ViaService': `logs.${REGION}.amazonaws.com` },
  }
  const key = await createKeyWith(kms, policyOf(allow({ Principal: { AWS: KEEPER }, Condition })))
  const conditionKeys = { 'aws:PrincipalTag/team': 'blue', 'kms:ViaService': 'forged' }
  expect(await outcomeOf(kms.asService(LOGS, { onBehalfOf: KEEPER, conditionKeys }), key)).toBe('allowed')
  const { message } = await refusalOf(
    kms.asService(LOGS, { onBehalfOf: KEEPER }).encrypt({ KeyId: key, Plaintext: Uint8Array.of(1) }),
  )
  expect(message).toBe(
    `User: ${KEEPER} is not authorized to perform: kms:Encrypt on resource: ${key} because no resource-based policy allows the kms:Encrypt action`,
  )
})
