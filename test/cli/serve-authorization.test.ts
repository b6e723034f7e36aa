/**
 * The flags of `softkms serve` about what callers may do, asked through the SDK.
 *
 * @covers KMS authorization §1, §4
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateGrantCommand, CreateKeyCommand, EncryptCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { startCommand } from '../support/command.ts'
import { ACCOUNT } from '../support/kms-fixture.ts'
import { allow, deny, policyOf } from '../support/policy-scene.ts'
import { serveKms } from '../support/served-kms.ts'

const USER = `arn:aws:iam::${ACCOUNT}:user/alice`
const folder = mkdtempSync(join(tmpdir(), 'softkms-serve-'))
afterAll(() => rmSync(folder, { recursive: true }))

function write(text: string): string {
  const path = join(folder, `${Math.trunc(performance.now() * 1000)}.json`)
  writeFileSync(path, text)
  return path
}

/** A client of a server with these flags, for each caller. */
async function serve(...flags: readonly string[]): Promise<(arn?: string) => KMSClient> {
  const server = await serveKms('--account', ACCOUNT, '--trust-caller-header', ...flags)
  onTestFinished(server.stop)
  return (arn) => {
    const credentials = { accessKeyId: ACCOUNT, secretAccessKey: 'x' }
    const client = new KMSClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 })
    client.middlewareStack.add(
      (next) => async (args) => {
        const request = args.request as { readonly headers: Record<string, string> }
        if (arn !== undefined) request.headers['x-softkms-caller'] = arn
        return next(args)
      },
      { step: 'finalizeRequest', priority: 'low' },
    )
    onTestFinished(() => client.destroy())
    return client
  }
}

const DENIED = { name: 'AccessDeniedException' }

describe('serve --identity-policies', () => {
  it('lets policies decide for the principals of their accounts', async () => {
    const IdentityPolicies = [JSON.parse(policyOf(allow({ Action: 'kms:ListKeys' }))) as object]
    const ServiceControlPolicies = [[policyOf(allow(), deny({ Action: 'kms:CreateKey' }))]]
    const file = {
      Version: 1,
      Principals: [{ Principal: USER, IdentityPolicies }],
      Accounts: [{ Account: '444455556666', ServiceControlPolicies }],
    }
    const as = await serve('--identity-policies', write(JSON.stringify(file)))
    await expect(as(USER).send(new ListKeysCommand())).resolves.toMatchObject({ Keys: [] })
    await expect(as(USER).send(new CreateKeyCommand())).rejects.toMatchObject(DENIED)
    await expect(as(`${USER}2`).send(new ListKeysCommand())).rejects.toMatchObject(DENIED)
    await expect(as().send(new CreateKeyCommand())).resolves.toBeDefined()
    const other = as('arn:aws:iam::444455556666:root')
    await expect(other.send(new CreateKeyCommand())).rejects.toMatchObject({
      ...DENIED,
      message: expect.stringContaining('with an explicit deny in a service control policy') as string,
    })
  })

  it.each([
    ['{', 'the file is not JSON'],
    ['[]', 'the file must be a JSON object'],
    ['{}', 'Version must be 1'],
    ['{"Version":1,"Users":[]}', 'the file has a member that is none of Version, Principals, Accounts'],
    ['{"Version":1,"Principals":{}}', 'Principals must be a list'],
    ['{"Version":1,"Principals":[{}]}', 'Principals[0].Principal must be a string'],
    [
      JSON.stringify({ Version: 1, Principals: [{ Principal: ACCOUNT }] }),
      'Principals[0]: principal must be the ARN of a user, a role, a role session or a federated user',
    ],
    [
      JSON.stringify({ Version: 1, Principals: [{ Principal: USER, IdentityPolicies: [{}] }] }),
      'Principals[0]: The identity-based policy is not valid.',
    ],
    [
      JSON.stringify({ Version: 1, Principals: [{ Principal: USER, IdentityPolicies: [1] }] }),
      'Principals[0].IdentityPolicies[0] must be a policy',
    ],
    [
      JSON.stringify({ Version: 1, Accounts: [{ Account: ACCOUNT, ServiceControlPolicies: [{}] }] }),
      'Accounts[0].ServiceControlPolicies[0] must be a list of policies',
    ],
    [JSON.stringify({ Version: 1, Accounts: [{ Account: '1' }] }), 'Accounts[0]: account must be 12 digits'],
  ])('refuses %s', async (text, message) => {
    const path = write(text)
    const { code, stderr, stdout } = await startCommand(
      'serve',
      '--store',
      'memory',
      '--port',
      '0',
      '--identity-policies',
      path,
    ).ended
    expect({ code, stderr, stdout }).toEqual({ code: 1, stderr: `error: ${path}: ${message}\n`, stdout: '' })
  })
})

describe('serve --grant-delay', () => {
  it('makes new grants need their token', async () => {
    const policies = write(JSON.stringify({ Version: 1, Principals: [{ Principal: USER }] }))
    const as = await serve('--identity-policies', policies, '--grant-delay', '5m')
    const { KeyMetadata } = await as().send(new CreateKeyCommand())
    const grant = { KeyId: KeyMetadata?.KeyId, GranteePrincipal: USER, Operations: ['Encrypt' as const] }
    const { GrantToken = '' } = await as().send(new CreateGrantCommand(grant))
    const request = { KeyId: KeyMetadata?.KeyId, Plaintext: new Uint8Array(1) }
    await expect(as(USER).send(new EncryptCommand(request))).rejects.toMatchObject(DENIED)
    const withToken = new EncryptCommand({ ...request, GrantTokens: [GrantToken] })
    await expect(as(USER).send(withToken)).resolves.toBeDefined()
  })

  it.each([
    ['--grant-delay', 'soon', 'A duration is written such as 30s, 5m or 1h30m.'],
    ['--grant-delay', '-1s', 'A duration is written such as 30s, 5m or 1h30m.'],
  ])('%s %s is not understood', async (flag, value, message) => {
    const { code, stderr } = await startCommand('serve', '--store', 'memory', '--port', '0', `${flag}=${value}`).ended
    expect(code).toBe(2)
    expect(stderr).toContain(message)
  })
})
