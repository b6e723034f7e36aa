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
  expect(absent.stderr).toMatch(/^error: ENOENT/)
})

test.each([
  [['kms:Encrypt'], "required option '--as <arn>' not specified"],
  [['kms:Encrypt', '--as', 'alice'], 'A caller is the ARN of a user'],
  [['kms:Encrypt', '--as', 's3.amazonaws.com'], 'A caller is the ARN of a user'],
  [['s3:GetObject', '--as', ROLE], 'An action is written such as kms:Decrypt.'],
  [['kms:Encrypt', '--as', ROLE, '--context', 'tenant'], 'A pair is written such as tenant=blue.'],
  [['kms:Encrypt', '--as', ROLE, '--account', '1'], 'An account is 12 digits.'],
])('%j is not understood', async (args, message) => {
  const { code, stdout, stderr } = await startCommand('why', ...args).ended
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(message)
})
