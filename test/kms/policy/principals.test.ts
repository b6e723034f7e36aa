/**
 * The Principal element, for every kind of caller: whom a statement is about, and how firmly it speaks.
 *
 * @covers IAM policy elements, Principal and NotPrincipal; KMS authorization §1
 */
import { type Principal, parsePrincipal } from '@softkms/kms'
import type { Kms } from 'softkms'
import { beforeAll, expect, test } from 'vitest'
import { ACCOUNT, OTHER_ACCOUNT } from '../../support/kms-fixture.ts'
import {
  type PolicyScene,
  USER,
  allow,
  createKeyWith,
  deny,
  policyOf,
  reasonsFor,
  startPolicyScene,
} from '../../support/policy-scene.ts'

const ROOT = `arn:aws:iam::${ACCOUNT}:root`
const PATH_USER = `arn:aws:iam::${ACCOUNT}:user/division/team/alice`
const ROLE = `arn:aws:iam::${ACCOUNT}:role/reader`
const PATH_ROLE = `arn:aws:iam::${ACCOUNT}:role/service/reader`
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/reader/one`
const OTHER_SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/reader/two`
const FEDERATED = `arn:aws:sts::${ACCOUNT}:federated-user/fred`
const FOREIGNER = `arn:aws:iam::${OTHER_ACCOUNT}:role/reader`

const CALLERS = { ROOT, USER, PATH_USER, ROLE, SESSION, OTHER_SESSION, FEDERATED, FOREIGNER } as const

/**
 * For each caller above, in order, what the key policy alone gives it, when nobody has an identity policy:
 * `+` is allowed, `d` leaves it to the account (and so is refused for want of a policy), `-` is about others, and for
 * the foreigner `f` means that the key's side is open.
 */
const GRID: ReadonlyArray<readonly [name: string, principal: unknown, answers: string]> = [
  ['anyone', '*', '+++++++f'],
  ['any AWS principal', { AWS: '*' }, '+++++++f'],
  ['the account by ARN', { AWS: ROOT }, '+dddddd-'],
  ['the account by id', { AWS: ACCOUNT }, '+dddddd-'],
  ['another account', { AWS: OTHER_ACCOUNT }, '-------f'],
  ['a user', { AWS: USER }, '-+------'],
  ['a user with a path', { AWS: PATH_USER }, '--+-----'],
  ['a role', { AWS: ROLE }, '---+++--'],
  ['a role with a path', { AWS: PATH_ROLE }, '---+++--'],
  ['a session', { AWS: SESSION }, '----+---'],
  ['a federated user', { AWS: FEDERATED }, '------+-'],
  ['a role of another account', { AWS: FOREIGNER }, '-------f'],
  ['a user of another name', { AWS: `${USER}2` }, '--------'],
  ['several', { AWS: [USER, SESSION] }, '-+--+---'],
  ['several kinds', { AWS: [USER], Service: 's3.amazonaws.com' }, '-+------'],
  ['a service', { Service: 's3.amazonaws.com' }, '--------'],
  ['an account and a user of it', { AWS: [ACCOUNT, USER] }, '++ddddd-'],
]

const ANSWERS: Readonly<Record<string, string>> = {
  '+': 'allowed by key policy',
  d: 'no identity-based policy',
  f: 'no identity-based policy',
  '-': 'no resource-based policy',
}

let scene: PolicyScene
beforeAll(async () => {
  scene = await startPolicyScene()
  // From here on nobody in either account has permission that no policy gives.
  for (const account of [ACCOUNT, OTHER_ACCOUNT]) scene.iam.set(`arn:aws:iam::${account}:user/nobody`, {})
})

async function answersFor(KeyId: string, operation: string): Promise<readonly string[]> {
  const answers: string[] = []
  for (const arn of Object.values(CALLERS)) answers.push(...(await reasonsFor(scene.kms.as(arn), operation, { KeyId })))
  return answers
}

test.each(GRID)('an Allow for %s', async (_name, Principal, answers) => {
  const KeyId = await createKeyWith(scene.kms, policyOf(allow({ Principal })))
  expect(await answersFor(KeyId, 'DescribeKey')).toEqual(answers.split('').map((letter) => ANSWERS[letter]))
})

test.each(GRID)('a Deny for %s', async (_name, Principal, answers) => {
  const KeyId = await createKeyWith(scene.kms, policyOf(allow({ Principal: '*' }), deny({ Principal })))
  // Whoever is meant in any way is refused, those whom only their account names among them.
  const expected = answers.split('').map((letter, i) => {
    if (letter !== '-') return 'deny in resource-based policy'
    return Object.keys(CALLERS)[i] === 'FOREIGNER' ? 'no identity-based policy' : 'allowed by key policy'
  })
  expect(await answersFor(KeyId, 'DescribeKey')).toEqual(expected)
})

/** Whom a Deny with NotPrincipal spares: those of whom it lists all that they are. */
const SPARED: ReadonlyArray<readonly [name: string, principal: unknown, answers: string]> = [
  ['the account', { AWS: ACCOUNT }, '+-------'],
  ['a user alone', { AWS: USER }, '--------'],
  ['a user and its account', { AWS: [USER, ROOT] }, '++------'],
  ['a role and its account', { AWS: [ROLE, ACCOUNT] }, '+--+----'],
  ['a session and its account', { AWS: [SESSION, ACCOUNT] }, '+-------'],
  ['a session, its role and its account', { AWS: [SESSION, ROLE, ACCOUNT] }, '+--++---'],
  ['a federated user and its account', { AWS: [FEDERATED, ACCOUNT] }, '+-----+-'],
  ['a foreign role and its account', { AWS: [FOREIGNER, OTHER_ACCOUNT] }, '-------f'],
  ['anyone', '*', '+++++++f'],
]

test.each(SPARED)('a Deny with NotPrincipal of %s', async (_name, NotPrincipal, answers) => {
  const statement = { Effect: 'Deny', NotPrincipal, Action: 'kms:*', Resource: '*' }
  const KeyId = await createKeyWith(scene.kms, policyOf(allow({ Principal: '*' }), statement))
  const expected = answers
    .split('')
    .map((letter) => (letter === '-' ? 'deny in resource-based policy' : ANSWERS[letter]))
  expect(await answersFor(KeyId, 'DescribeKey')).toEqual(expected)
})

test('a provider of identities is known by what the front door says of the session', async () => {
  const provider = 'cognito-identity.amazonaws.com'
  const KeyId = await createKeyWith(scene.kms, policyOf(allow({ Principal: { Federated: provider } })))
  const asked = async (kms: Kms) => reasonsFor(kms, 'DescribeKey', { KeyId })
  expect(await asked(scene.kms.as(SESSION))).toEqual(['no resource-based policy'])
  const conditionKeys = { 'aws:FederatedProvider': provider }
  expect(await asked(scene.kms.as(SESSION, { conditionKeys }))).toEqual(['allowed by key policy'])
})

test('a service is decided by the key policy alone', async () => {
  const from = { account: ACCOUNT, region: scene.kms.defaults.region, principal: 's3.amazonaws.com' }
  const statement = allow({ Principal: { Service: 's3.amazonaws.com' }, Action: 'kms:Decrypt*' })
  for (const [policy, expected] of [
    [policyOf(statement), 'allowed by key policy'],
    [policyOf(statement, deny({ Principal: { Service: 's3.amazonaws.com' } })), 'deny in resource-based policy'],
    [policyOf(allow({ Principal: { AWS: ACCOUNT } })), 'no resource-based policy'],
    [policyOf(allow({ Principal: { Service: 'sns.amazonaws.com' } })), 'no resource-based policy'],
  ] as const) {
    const KeyId = await createKeyWith(scene.kms, policy)
    const input = { KeyId, CiphertextBlob: new Uint8Array(1), DryRun: true, DryRunModifiers: ['IGNORE_CIPHERTEXT'] }
    const [first] = await scene.kms.why('Decrypt', input, from)
    expect(first?.decision).toEqual(
      expected.startsWith('allowed')
        ? { isAllowed: true, grounds: 'key policy' }
        : {
            isAllowed: false,
            refusal: { type: expected.startsWith('deny') ? 'explicit' : 'implicit', kind: 'resource-based policy' },
          },
    )
  }
})

const ARNS: ReadonlyArray<readonly [arn: string, expected: Partial<Principal> | undefined]> = [
  [ROOT, { type: 'root', account: ACCOUNT, partition: 'aws' }],
  [USER, { type: 'user', path: '/', name: 'alice' }],
  [PATH_USER, { type: 'user', path: '/division/team/', name: 'alice' }],
  [PATH_ROLE, { type: 'role', path: '/service/', name: 'reader' }],
  [SESSION, { type: 'assumed-role', roleName: 'reader', sessionName: 'one' }],
  [FEDERATED, { type: 'federated-user', name: 'fred' }],
  ['arn:aws-cn:iam::111122223333:user/a', { type: 'user', partition: 'aws-cn' }],
  ['arn:aws-us-gov:sts::111122223333:assumed-role/a+b=c,d.e@f-g/h', { type: 'assumed-role' }],
  [
    'arn:aws:sts::111122223333:assumed-role/aws:ec2-infrastructure/i-0123456789abcdef0',
    { type: 'assumed-role', roleName: 'aws:ec2-infrastructure', sessionName: 'i-0123456789abcdef0' },
  ],
  [
    'arn:aws:iam::111122223333:role/aws:ec2-infrastructure',
    { type: 'role', path: '/', name: 'aws:ec2-infrastructure' },
  ],
  ['s3.amazonaws.com', { type: 'service', arn: 's3.amazonaws.com' }],
  ['logs.eu-west-1.amazonaws.com', { type: 'service' }],
  ['ec2.amazonaws.com.cn', { type: 'service', partition: 'aws-cn' }],
  ['', undefined],
  ['*', undefined],
  [ACCOUNT, undefined],
  ['arn:aws:iam::111122223333:user/*', undefined],
  ['arn:aws:iam::111122223333:group/admins', undefined],
  ['arn:aws:iam::111122223333:user/', undefined],
  ['arn:aws:iam::111122223333:root/', undefined],
  ['arn:aws:iam::11112222333:root', undefined],
  ['arn:aws:iam:us-east-1:111122223333:root', undefined],
  ['arn:aws:s3:::bucket', undefined],
  ['arn:aws:sts::111122223333:assumed-role/reader', undefined],
  ['arn:aws:sts::111122223333:assumed-role/path/reader/session', undefined],
  ['arn:aws:sts::111122223333:assumed-role/aws:/session', undefined],
  ['arn:aws:sts::111122223333:assumed-role/aws:a:b/session', undefined],
  ['arn:aws:sts::111122223333:assumed-role/reader/a:b', undefined],
  ['arn:aws:iam::111122223333:user/aws:ec2-infrastructure', undefined],
  ['arn:amazon:iam::111122223333:root', undefined],
  [`arn:aws:iam::111122223333:user/${'a'.repeat(129)}`, undefined],
  ['S3.amazonaws.com', undefined],
  ['amazonaws.com', undefined],
  ['s3.amazonaws.com.evil.example', undefined],
  [' s3.amazonaws.com', undefined],
]

test.each(ARNS)('%j as a principal', (arn, expected) => {
  const principal = parsePrincipal(arn)
  if (expected === undefined) expect(principal).toBeUndefined()
  else expect(principal).toMatchObject({ arn, ...expected })
})

test("a role of AWS's own calls like any other", async () => {
  const session = `arn:aws:sts::${ACCOUNT}:assumed-role/aws:ec2-infrastructure/i-1`
  const role = `arn:aws:iam::${ACCOUNT}:role/aws:ec2-infrastructure`
  const condition = { ArnEquals: { 'aws:PrincipalArn': role } }
  for (const statement of [
    { Principal: { AWS: session } },
    { Principal: { AWS: role } },
    { Principal: '*', Condition: condition },
  ]) {
    const KeyId = await createKeyWith(scene.kms, policyOf(allow(statement)))
    expect(await reasonsFor(scene.kms.as(session), 'DescribeKey', { KeyId })).toEqual(['allowed by key policy'])
    expect(await reasonsFor(scene.kms.as(SESSION), 'DescribeKey', { KeyId })).toEqual(['no resource-based policy'])
  }
  const KeyId = await createKeyWith(scene.kms, policyOf(allow({ Principal: { AWS: ACCOUNT } })))
  await scene.kms.createGrant({ KeyId, GranteePrincipal: session, Operations: ['DescribeKey'] })
  expect(await reasonsFor(scene.kms.as(session), 'DescribeKey', { KeyId })).toEqual(['allowed by grant'])
})

test('a principal of another account than the caller is refused by the engine', async () => {
  const from = { account: ACCOUNT, region: scene.kms.defaults.region, principal: FOREIGNER }
  await expect(scene.kms.execute('ListKeys', {}, from)).rejects.toThrow(RangeError)
  await expect(scene.kms.why('ListKeys', {}, { ...from, principal: 'eve' })).rejects.toThrow(RangeError)
})
