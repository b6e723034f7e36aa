/**
 * What is a policy and what is none, in AWS's words where they are recorded.
 *
 * @covers IAM policy grammar; KMS authorization §2
 */
import { createIdentityPolicies } from '@softkms/kms'
import { beforeAll, expect, test } from 'vitest'
import { ACCOUNT, type KmsFixture, expectRefusal, startKms } from '../../support/kms-fixture.ts'
import { USER, allow, createKeyWith, deny, policyOf } from '../../support/policy-scene.ts'

const INVALID_PRINCIPAL = 'Policy contains a statement with one or more invalid principals.'
const NO_PRINCIPAL = 'Policy contains a statement with no principal.'
const NO_VENDOR = 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'

const open = (rest: object): object => allow({ Principal: { AWS: ACCOUNT }, ...rest })
const when = (Condition: unknown): string => policyOf(open({ Condition }))
const whose = (Principal: unknown): string => policyOf(open({ Principal }))

const REFUSED: ReadonlyArray<readonly [policy: string, message: string]> = [
  ['{"Version":"2012-10-17","Version":"2012-10-17","Statement":[]}', 'The new key policy is not valid JSON.'],
  [`{"Statement":{"Effect":"Allow","Eff\\u0065ct":"Deny"}}`, 'The new key policy is not valid JSON.'],
  [`{"Statement":${'['.repeat(40)}${']'.repeat(40)}}`, 'The new key policy is not valid JSON.'],
  [`{"Statement":[],"Id":"\\u00"}`, 'The new key policy is not valid JSON.'],
  ['{"Statement":[]} x', 'The new key policy is not valid JSON.'],
  ['{"Statement":7}', 'The new key policy is not valid.'],
  ['{"Statement":[],"statement":[]}', 'The new key policy has an unknown member, statement.'],
  ['{"Version":"2012-10-18","Statement":[]}', 'The policy must contain a valid version string.'],
  ['{"Version":null,"Statement":[]}', 'The policy must contain a valid version string.'],
  ['{"Id":7,"Statement":[]}', 'Id must be a string.'],
  ['{"Statement":["x"]}', 'Statement 1 must be an object.'],
  ['{"Statement":[[]]}', 'Statement 1 must be an object.'],
  [policyOf(open({}), open({ Sids: 'x' })), 'Statement 2 has an unknown member, Sids.'],
  [policyOf(open({ Sid: 7 })), 'Sid of Statement 1 must be a string.'],
  [policyOf(open({ Effect: 'allow' })), 'Effect of Statement 1 must be Allow or Deny.'],
  [policyOf(open({ Effect: undefined })), 'Effect of Statement 1 must be Allow or Deny.'],
  [policyOf(allow()), NO_PRINCIPAL],
  [whose({}), NO_PRINCIPAL],
  [whose({ AWS: [] }), NO_PRINCIPAL],
  [whose('everybody'), INVALID_PRINCIPAL],
  [whose([ACCOUNT]), INVALID_PRINCIPAL],
  [whose(null), INVALID_PRINCIPAL],
  [whose({ AWS: 7 }), INVALID_PRINCIPAL],
  [whose({ AWS: 'alice' }), INVALID_PRINCIPAL],
  [whose({ AWS: '11112222333' }), INVALID_PRINCIPAL],
  [whose({ AWS: 'arn:aws:iam::111122223333:user/*' }), INVALID_PRINCIPAL],
  [whose({ AWS: 'arn:aws:iam::111122223333:group/admins' }), INVALID_PRINCIPAL],
  [whose({ AWS: 'arn:aws:iam::111122223333:user/${aws:username}' }), INVALID_PRINCIPAL],
  [whose({ AWS: 'arn:aws:iam::*:root' }), INVALID_PRINCIPAL],
  [whose({ AWS: 'AIDACKCEVSQ6C2EXAMPLE' }), INVALID_PRINCIPAL],
  [whose({ AWS: 's3.amazonaws.com' }), INVALID_PRINCIPAL],
  [whose({ AWS: ['111122223333', 'x'] }), INVALID_PRINCIPAL],
  [whose({ Service: '*' }), INVALID_PRINCIPAL],
  [whose({ Service: 's3' }), INVALID_PRINCIPAL],
  [whose({ Service: '111122223333' }), INVALID_PRINCIPAL],
  [whose({ CanonicalUser: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be' }), INVALID_PRINCIPAL],
  [whose({ aws: '*' }), INVALID_PRINCIPAL],
  [policyOf(open({ NotPrincipal: '*' })), 'Statement 1 has both Principal and NotPrincipal.'],
  [policyOf(open({ NotAction: 'kms:*' })), 'Statement 1 has both Action and NotAction.'],
  [policyOf(open({ NotResource: '*' })), 'Statement 1 has both Resource and NotResource.'],
  [policyOf(open({ Action: 7 })), 'Action of Statement 1 must be a string or a list of strings.'],
  [policyOf(open({ Action: ['kms:*', 7] })), 'Action of Statement 1 must be a string or a list of strings.'],
  [policyOf(open({ Action: 'Decrypt' })), NO_VENDOR],
  [policyOf(open({ Action: 'kms:' })), NO_VENDOR],
  [policyOf(open({ Action: 'kms:De crypt' })), NO_VENDOR],
  [policyOf(open({ Action: 'k*:Decrypt' })), NO_VENDOR],
  [policyOf(open({ Action: undefined, NotAction: [] })), 'NotAction of Statement 1 must not be empty.'],
  [policyOf(open({ Resource: undefined, NotResource: [] })), 'NotResource of Statement 1 must not be empty.'],
  [policyOf(open({ Resource: 'key' })), 'Resource key must be in ARN format or "*".'],
  [
    policyOf(open({ Resource: 'arn:aws:kms:*:*:key/${aws:username' })),
    'Resource of Statement 1 has a policy variable that is not well formed.',
  ],
  [when([]), 'Condition of Statement 1 must be an object of objects.'],
  [when('x'), 'Condition of Statement 1 must be an object of objects.'],
  [when({ StringEquals: 'x' }), 'Condition of Statement 1 must be an object of objects.'],
  [when({ StringEqualz: {} }), 'Condition of Statement 1 has an unknown operator, StringEqualz.'],
  [when({ StringEqualz: { 'aws:a': 'b' } }), 'Condition of Statement 1 has an unknown operator, StringEqualz.'],
  [when({ stringEquals: { 'aws:a': 'b' } }), 'Condition of Statement 1 has an unknown operator, stringEquals.'],
  [when({ NullIfExists: { 'aws:a': 'true' } }), 'Condition of Statement 1 has an unknown operator, NullIfExists.'],
  [
    when({ 'ForAllValues:Null': { 'aws:a': 'true' } }),
    'Condition of Statement 1 has an unknown operator, ForAllValues:Null.',
  ],
  [
    when({ 'ForSome:StringLike': { 'aws:a': 'true' } }),
    'Condition of Statement 1 has an unknown operator, ForSome:StringLike.',
  ],
  [when({ StringEquals: { username: 'b' } }), NO_VENDOR],
  [when({ StringEquals: { 'aws:': 'b' } }), NO_VENDOR],
  [
    when({ StringEquals: { 'aws:a': null } }),
    'Condition of Statement 1 has a value for aws:a that StringEquals cannot compare.',
  ],
  [
    when({ StringEquals: { 'aws:a': [['x']] } }),
    'Condition of Statement 1 has a value for aws:a that StringEquals cannot compare.',
  ],
  [
    when({ StringLike: { 'aws:a': '${aws:b' } }),
    'Condition of Statement 1 has a value for aws:a that StringLike cannot compare.',
  ],
  [
    when({ StringLike: { 'aws:a': '${b}' } }),
    'Condition of Statement 1 has a value for aws:a that StringLike cannot compare.',
  ],
  [
    when({ NumericEquals: { 'aws:a': 'x' } }),
    'Condition of Statement 1 has a value for aws:a that NumericEquals cannot compare.',
  ],
  [
    when({ NumericLessThan: { 'aws:a': '${aws:b}' } }),
    'Condition of Statement 1 has a value for aws:a that NumericLessThan cannot compare.',
  ],
  [
    when({ DateLessThan: { 'aws:a': '2026-13-01' } }),
    'Condition of Statement 1 has a value for aws:a that DateLessThan cannot compare.',
  ],
  [when({ Bool: { 'aws:a': 'yes' } }), 'Condition of Statement 1 has a value for aws:a that Bool cannot compare.'],
  [when({ Null: { 'aws:a': '' } }), 'Condition of Statement 1 has a value for aws:a that Null cannot compare.'],
  [
    when({ BinaryEquals: { 'aws:a': '?' } }),
    'Condition of Statement 1 has a value for aws:a that BinaryEquals cannot compare.',
  ],
  [
    when({ IpAddress: { 'aws:a': '10.0.0.0/33' } }),
    'Condition of Statement 1 has a value for aws:a that IpAddress cannot compare.',
  ],
  [
    when({ NotIpAddress: { 'aws:a': '10.0.0.256' } }),
    'Condition of Statement 1 has a value for aws:a that NotIpAddress cannot compare.',
  ],
  ...['ForAllValues:StringEquals', 'ForAllValues:StringLikeIfExists'].flatMap((operator) =>
    [
      ['kms:EncryptionContext:a', 'encryption context'],
      ['KMS:encryptioncontext:a', 'encryption context'],
      ['aws:RequestTag/a', 'tag'],
    ].map(([key = '', what]): readonly [string, string] => [
      when({ [operator]: { [key]: 'b' } }),
      'OverlyPermissiveCondition: Using the ForAllValues set operator with a single-valued condition key matches ' +
        `requests without the specified ${what} or with an unspecified ${what}. To fix, remove ForAllValues.`,
    ]),
  ),
]

let fixture: KmsFixture
let KeyId = ''
beforeAll(async () => {
  fixture = await startKms()
  KeyId = await createKeyWith(fixture.kms, policyOf(open({})))
})

test.each(REFUSED)('%s is refused', async (Policy, message) => {
  const code = 'MalformedPolicyDocumentException'
  await expectRefusal(fixture, 'PutKeyPolicy', { KeyId, Policy, BypassPolicyLockoutSafetyCheck: true }, code, message)
})

const TAKEN: readonly string[] = [
  '{"Statement":[]}',
  '{"Version":"2008-10-17","Statement":[]}',
  ' { "Statement" : [ ] , "Id" : "\\"Id\\":" } ',
  policyOf(open({ Sid: 'Sid with spaces, and 7' })),
  policyOf(open({ Sid: 'twice' }), open({ Sid: 'twice' })),
  policyOf(open({ Action: undefined })),
  policyOf(open({ Resource: undefined })),
  policyOf(open({ Action: [], Resource: [] })),
  policyOf(open({ Action: '*' })),
  policyOf(open({ Action: 's3:GetObject' })),
  policyOf(open({ Action: 'KMS:decrypt' })),
  policyOf(open({ Action: undefined, NotAction: 'kms:Decrypt' })),
  policyOf(open({ Resource: 'arn:aws:kms:*:*:key/*' })),
  policyOf(open({ Principal: undefined, NotPrincipal: { AWS: ACCOUNT } })),
  whose('*'),
  whose({ AWS: '*' }),
  whose({ AWS: ['*', ACCOUNT, `arn:aws:iam::${ACCOUNT}:root`, USER] }),
  whose({
    AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/r/s`,
    Service: ['s3.amazonaws.com', 'logs.eu-west-1.amazonaws.com'],
  }),
  whose({ Federated: ['cognito-identity.amazonaws.com', `arn:aws:iam::${ACCOUNT}:saml-provider/corp`] }),
  when({}),
  when({ StringEquals: {} }),
  when({ StringEquals: { 'aws:a': [] } }),
  when({ StringEquals: { 'aws:a': ['b', 7, true] } }),
  when({ Bool: { 'aws:a': true }, Null: { 'aws:b': false }, NumericEquals: { 'aws:c': -1.5 } }),
  when({ 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['a'] } }),
  when({ 'ForAnyValue:StringEquals': { 'kms:EncryptionContext:a': ['a'] } }),
  when({ StringLike: { 'aws:a': "${aws:b, 'c'} ${*} ${?} ${$}" } }),
  '{"Statement":{"Effect":"Allow","Principal":"*","Condition":{"StringEquals":{"aws:a":"${not a variable"}}}}',
]

test.each(TAKEN)('%s is taken', async (Policy) => {
  const { kms } = fixture
  const fresh = await createKeyWith(kms, Policy)
  await expect(kms.why('GetKeyPolicy', { KeyId: fresh })).resolves.toHaveLength(1)
})

const IDENTITY: ReadonlyArray<readonly [kind: 'identity' | 'boundary' | 'session', policy: object, message: string]> = [
  ['identity', { Statement: open({}) }, 'Policy document should not specify a principal.'],
  ['boundary', { Statement: allow({ NotPrincipal: '*' }) }, 'Policy document should not specify a principal.'],
  ['session', { Statement: allow({ Action: undefined }) }, 'Policy statement must contain actions.'],
  ['identity', { Statement: allow({ Action: [] }) }, 'Policy statement must contain actions.'],
  ['identity', { Statement: deny({ Resource: undefined }) }, 'Policy statement must contain resources.'],
  ['boundary', {}, 'The permissions boundary is not valid.'],
  ['session', { Statement: [], X: 1 }, 'The session policy has an unknown member, X.'],
]

test.each(IDENTITY)('a policy as %s: %j is refused', (kind, policy, message) => {
  const iam = createIdentityPolicies()
  const policies = kind === 'boundary' ? { boundary: policy } : { [kind]: [policy] }
  expect(() => iam.set(USER, policies)).toThrow(message)
})

test('policies of accounts are looked at, too', () => {
  const iam = createIdentityPolicies()
  const refused = 'A resource control policy can have no principal but "*".'
  expect(() => iam.setAccount(ACCOUNT, { resourceControl: [[{ Statement: open({}) }]] })).toThrow(refused)
  expect(() => iam.setAccount(ACCOUNT, { serviceControl: [[{ Statement: open({}) }]] })).toThrow('should not specify')
  expect(() => iam.setAccount('1', {})).toThrow(RangeError)
  for (const arn of ['alice', `arn:aws:iam::${ACCOUNT}:root`, 's3.amazonaws.com', ACCOUNT]) {
    expect(() => iam.set(arn, {})).toThrow(RangeError)
  }
})
