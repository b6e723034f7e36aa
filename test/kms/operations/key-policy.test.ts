/**
 * GetKeyPolicy, PutKeyPolicy, ListKeyPolicies, and the policy of CreateKey: how they are kept. What they say is for
 * `test/kms/policy/`.
 *
 * @covers KMS operations; authorization §2
 */
import { expect, test } from 'vitest'
import { ACCOUNT, type KmsFixture, createKey, expectRefusal, startKms } from '../../support/kms-fixture.ts'
import { openPolicy } from '../../support/policies.ts'

const POLICY = `{ "Version": "2012-10-17",\n\t"Statement": [{ "Sid": "für alle ÿ", "Effect": "Allow",
  "Principal": { "AWS": "${ACCOUNT}" }, "Action": "kms:*", "Resource": "*" }] }\r\n`

async function setScene(): Promise<KmsFixture & { readonly KeyId: string }> {
  const fixture = await startKms()
  const { keyId: KeyId } = await createKey(fixture.kms)
  return { ...fixture, KeyId }
}

test.each([
  ['eu-west-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
])("a key without a policy of its own obeys its account's IAM: %s", async (region, partition) => {
  const { kms } = await startKms({ region })
  const { keyId: KeyId } = await createKey(kms)
  const { Policy = '', PolicyName } = await kms.getKeyPolicy({ KeyId })
  expect(PolicyName).toBe('default')
  expect(JSON.parse(Policy)).toEqual({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:${partition}:iam::${ACCOUNT}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  })
})

test('a policy is given back to the letter', async () => {
  const { kms, KeyId } = await setScene()
  for (const input of [{}, { PolicyName: 'default' }, { BypassPolicyLockoutSafetyCheck: true }]) {
    const Policy = `${POLICY}${' '.repeat(Object.keys(input).length)}`
    await expect(kms.putKeyPolicy({ KeyId, Policy, ...input })).resolves.toStrictEqual({})
    await expect(kms.getKeyPolicy({ KeyId })).resolves.toStrictEqual({ Policy, PolicyName: 'default' })
    await expect(kms.getKeyPolicy({ KeyId, PolicyName: 'default' })).resolves.toMatchObject({ Policy })
  }
})

test('there is one policy, named default', async () => {
  const scene = await setScene()
  const { kms, KeyId } = scene
  await expect(kms.listKeyPolicies({ KeyId })).resolves.toStrictEqual({ PolicyNames: ['default'], Truncated: false })
  for (const PolicyName of ['other', 'Default', '__proto__']) {
    const message = 'No such policy exists'
    await expectRefusal(scene, 'GetKeyPolicy', { KeyId, PolicyName }, 'NotFoundException', message)
    const put = { KeyId, PolicyName, Policy: POLICY }
    await expectRefusal(scene, 'PutKeyPolicy', put, 'NotFoundException', message)
  }
})

const DOCUMENTS = [
  ['x', 'The new key policy is not valid JSON.'],
  ['{', 'The new key policy is not valid JSON.'],
  ["{'Statement': []}", 'The new key policy is not valid JSON.'],
  ['null', 'The new key policy is not valid.'],
  ['[]', 'The new key policy is not valid.'],
  ['"Statement"', 'The new key policy is not valid.'],
  ['{}', 'The new key policy is not valid.'],
  ['{"Statement":null}', 'The new key policy is not valid.'],
  ['{"Statement":"Allow"}', 'The new key policy is not valid.'],
  ['{"statement":[]}', 'The new key policy is not valid.'],
] as const

test.each(DOCUMENTS)('%s is no policy', async (Policy, message) => {
  const scene = await setScene()
  const { KeyId } = scene
  await expectRefusal(scene, 'PutKeyPolicy', { KeyId, Policy }, 'MalformedPolicyDocumentException', message)
  await expectRefusal(scene, 'CreateKey', { Policy }, 'MalformedPolicyDocumentException', message)
})

test('a policy has 32,768 bytes at most', async () => {
  const scene = await setScene()
  const { kms, KeyId } = scene
  const withLength = (bytes: number, filling: string): string => {
    const frame = openPolicy(ACCOUNT, 'opens').replace('{', '{"Id":"",')
    return frame.replace('""', `"${filling.repeat((bytes - frame.length) / Buffer.byteLength(filling))}"`)
  }
  for (const filling of ['x', 'é']) {
    const longest = withLength(32_768, filling)
    expect(Buffer.byteLength(longest)).toBe(32_768)
    await expect(kms.putKeyPolicy({ KeyId, Policy: longest })).resolves.toStrictEqual({})
    const Policy = `${longest} `
    const message = 'The policy is longer than 32768 bytes.'
    await expectRefusal(scene, 'PutKeyPolicy', { KeyId, Policy }, 'LimitExceededException', message)
    await expectRefusal(scene, 'CreateKey', { Policy }, 'LimitExceededException', message)
  }
})

test('a policy holds characters of Latin 1 and no control character but tab and line ends', async () => {
  const scene = await setScene()
  const { KeyId } = scene
  for (const text of ['\u0000', '\u000b', '\u0100', '☃']) {
    const Policy = `{"Statement":["${text}"]}`
    const message =
      `1 validation error detected: Value '${Policy}' at 'policy' failed to satisfy constraint: Member must satisfy ` +
      String.raw`regular expression pattern: ^[\u0009\u000A\u000D\u0020-\u00FF]+$`
    await expectRefusal(scene, 'PutKeyPolicy', { KeyId, Policy }, 'ValidationException', message)
  }
})
