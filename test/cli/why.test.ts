/** `softkms why`: what it prints, and the exit code by which a script learns the verdict. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startCommand } from '../support/command.ts'
import { ACCOUNT, OTHER_ACCOUNT } from '../support/kms-fixture.ts'
import { allow, deny, policyOf } from '../support/policy-scene.ts'

const ROLE = `arn:aws:iam::${ACCOUNT}:role/app`

const TENANTS = policyOf(
  allow({ Principal: { AWS: ACCOUNT } }),
  deny({
    Sid: 'Tenants',
    Principal: '*',
    Action: 'kms:Decrypt',
    Condition: { StringNotEquals: { 'kms:EncryptionContext:tenant': '${aws:PrincipalTag/tenant}' } },
  }),
)

/** Runs in a folder of its own with these files; an argument that names one becomes its path. */
async function ask(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'softkms-why-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return startCommand('why', ...args.map((arg) => (arg.endsWith('.json') ? join(folder, arg) : arg))).ended
}

test('the default policy, and full permission, when nothing is said', async () => {
  const { code, stdout } = await ask({}, 'Encrypt', '--as', ROLE)
  expect(code).toBe(0)
  expect(stdout).toContain(`${ROLE} asks for kms:Encrypt on arn:aws:kms:us-east-1:${ACCOUNT}:key/`)
  expect(stdout).toContain('\n  allowed by identity policy\n')
  expect(stdout).toContain(
    'Statement 1 ("Enable IAM User Permissions") of resource-based policy 1, Allow: matches the account',
  )
})

test('a condition that refuses, with what the request has', async () => {
  const files = { 'key.json': TENANTS }
  const blue = ['--context', 'tenant=blue', '--condition', 'aws:PrincipalTag/tenant=blue']
  expect(await ask(files, 'kms:Decrypt', '--as', ROLE, '--key-policy', 'key.json', ...blue)).toMatchObject({ code: 0 })
  const { code, stdout } = await ask(
    files,
    'kms:Decrypt',
    '--as',
    ROLE,
    '--key-policy',
    'key.json',
    '--context',
    'tenant=red',
  )
  expect(code).toBe(1)
  expect(stdout).toContain('denied: explicit deny in a resource-based policy')
  expect(stdout).toContain('Statement 2 ("Tenants") of resource-based policy 1 denies it')
  expect(stdout).toContain('kms:EncryptionContext:tenant, wanted ${aws:PrincipalTag/tenant}, is red')
})

test("the caller's own policies, and another account's key", async () => {
  const files = {
    'key.json': policyOf(allow({ Principal: { AWS: ACCOUNT } })),
    'mine.json': policyOf(allow({ Action: 'kms:Encrypt' })),
    'limit.json': policyOf(allow({ Action: 'kms:List*' })),
  }
  const flags = ['--as', ROLE, '--key-policy', 'key.json', '--identity-policy', 'mine.json']
  expect((await ask(files, 'kms:Encrypt', ...flags)).stdout).toContain('allowed by identity policy')
  expect((await ask(files, 'kms:Decrypt', ...flags)).stdout).toContain('denied: no identity-based policy allows it')
  expect((await ask(files, 'kms:Encrypt', ...flags, '--boundary', 'limit.json')).stdout).toContain(
    'no permissions boundary',
  )
  const foreign = ['--account', OTHER_ACCOUNT, '--region', 'eu-west-1']
  const { stdout } = await ask(files, 'kms:Encrypt', ...flags, ...foreign)
  expect(stdout).toContain(`arn:aws:kms:eu-west-1:${OTHER_ACCOUNT}:key/`)
  expect(stdout).toContain('allowed by key policy and identity policy')
  expect((await ask(files, 'kms:DisableKey', ...flags, ...foreign)).stdout).toContain(
    'only for callers of the same account',
  )
  expect((await ask(files, 'kms:ListKeys', ...flags)).stdout).toContain('asks for kms:ListKeys on *')
})

test('a policy that is none, and a file that is not there', async () => {
  const none = await ask({ 'key.json': '{' }, 'kms:Encrypt', '--as', ROLE, '--key-policy', 'key.json')
  expect(none).toMatchObject({ code: 1, stdout: '', stderr: 'error: The new key policy is not valid JSON.\n' })
  const absent = await ask({}, 'kms:Encrypt', '--as', ROLE, '--key-policy', 'absent.json')
  expect(absent).toMatchObject({ code: 1, stdout: '' })
  expect(absent.stderr).toMatch(/^error: cannot read .*absent\.json \(ENOENT\)\n$/)
})

const GRANT = { GranteePrincipal: ROLE, Operations: ['Decrypt'], Constraints: { EncryptionContextSubset: { a: 'b' } } }
const LISTED = {
  ...GRANT,
  KeyId: 'of any key',
  GrantId: 'f'.repeat(64),
  Name: '',
  CreationDate: '2026-11-27T12:00:00+00:00',
  IssuingAccount: `arn:aws:iam::${ACCOUNT}:root`,
}

test.each([
  ['the request for one', GRANT, '0'.repeat(63) + '1'],
  ['a list', [{ ...GRANT, Operations: ['Encrypt'] }, GRANT], '0'.repeat(63) + '2'],
  ['what the AWS CLI prints', { Grants: [LISTED], Truncated: false }, 'f'.repeat(64)],
])('grants as %s', async (_what, grants, grantId) => {
  const files = { 'grants.json': JSON.stringify(grants), 'none.json': policyOf(allow({ Action: 'kms:List*' })) }
  const session = `arn:aws:sts::${ACCOUNT}:assumed-role/app/one`
  const flags = ['--as', session, '--identity-policy', 'none.json', '--grants', 'grants.json']
  const allowed = await ask(files, 'kms:Decrypt', ...flags, '--context', 'a=b', 'c=d')
  expect(allowed).toMatchObject({ code: 0, stderr: '' })
  expect(allowed.stdout).toContain('allowed by grant')
  expect(allowed.stdout).toContain(grantId)
  const denied = await ask(files, 'kms:Decrypt', ...flags, '--context', 'a=c')
  expect(denied.code).toBe(1)
  expect(denied.stdout).toContain(`Grant ${grantId} would, but for its constraint on the encryption context.`)
})

test('who may retire a grant', async () => {
  const files = { 'grants.json': JSON.stringify({ ...LISTED, RetiringPrincipal: ROLE }), 'none.json': policyOf() }
  const flags = ['--identity-policy', 'none.json', '--grants', 'grants.json']
  expect(await ask(files, 'RetireGrant', '--as', ROLE, ...flags)).toMatchObject({ code: 0 })
  expect(await ask(files, 'RetireGrant', '--as', `${ROLE}2`, ...flags)).toMatchObject({ code: 1 })
})

test.each([
  ['{', /grants\.json is not JSON$/],
  [JSON.stringify([1]), /grants\.json: grant 1 is not a JSON object$/],
  [JSON.stringify([GRANT, { ...GRANT, Operations: [] }]), /grant 2: Grants must contain at least one operation\.$/],
  [JSON.stringify([LISTED, LISTED]), /grant f{64} is there twice$/],
  [JSON.stringify({ ...GRANT, GranteePrincipal: 'me' }), /grant 1: Invalid arn me$/],
])('grants that are none: %s', async (text, message) => {
  const { code, stdout, stderr } = await ask({ 'g.json': text }, 'kms:Decrypt', '--as', ROLE, '--grants', 'g.json')
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr.trim()).toMatch(new RegExp(message.source.replace('grants', 'g')))
})

test('a service, as itself', async () => {
  const service = 'logs.us-east-1.amazonaws.com'
  const condition = { StringEquals: { 'aws:SourceAccount': ACCOUNT } }
  const statement = allow({ Principal: { Service: 'logs.amazonaws.com' }, Condition: condition })
  const files = { 'key.json': policyOf(statement) }
  const flags = ['--as', service, '--account', ACCOUNT, '--key-policy', 'key.json']
  const from = ['--condition', `aws:SourceAccount=${ACCOUNT}`]
  expect((await ask(files, 'kms:Encrypt', ...flags, ...from)).stdout).toContain('allowed by key policy')
  expect((await ask(files, 'kms:Encrypt', ...flags)).stdout).toContain(
    'aws:SourceAccount, wanted 111122223333, is absent',
  )
})

test('the policies of callers, in the file that serve takes', async () => {
  const IdentityPolicies = [policyOf(allow({ Action: 'kms:Encrypt' }))]
  const files = { 'all.json': JSON.stringify({ Version: 1, Principals: [{ Principal: ROLE, IdentityPolicies }] }) }
  const flags = ['--as', ROLE, '--identity-policies', 'all.json']
  expect(await ask(files, 'kms:Encrypt', ...flags)).toMatchObject({ code: 0 })
  expect(await ask(files, 'kms:Decrypt', ...flags)).toMatchObject({ code: 1 })
})

test.each([
  [['kms:Encrypt'], "required option '--as <arn>' not specified"],
  [['kms:Encrypt', '--as', 'alice'], 'A caller is the ARN of a user'],
  [['kms:Encrypt', '--as', 's3.amazonaws.com'], 'say with --account whose key it is'],
  [
    ['kms:Encrypt', '--as', ROLE, '--identity-policies', 'a', '--boundary', 'b'],
    '--identity-policies excludes --identity-policy, --boundary and --session-policy',
  ],
  [['s3:GetObject', '--as', ROLE], 'An action is written such as kms:Decrypt.'],
  [['kms:Encrypt', '--as', ROLE, '--context', 'tenant'], 'A pair is written such as tenant=blue.'],
  [['kms:Encrypt', '--as', ROLE, '--account', '1'], 'An account is 12 digits.'],
])('%j is not understood', async (args, message) => {
  const { code, stdout, stderr } = await startCommand('why', ...args).ended
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(message)
})
