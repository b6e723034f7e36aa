/**
 * The flags of `softkms serve` about how much there may be, asked through the SDK.
 *
 * @covers KMS operations-around §8
 */
import { KMS } from '@aws-sdk/client-kms'
import { expect, it, onTestFinished } from 'vitest'
import { startCommand } from '../support/command.ts'
import { ACCOUNT } from '../support/kms-fixture.ts'
import { serveKms } from '../support/served-kms.ts'

it('allows as many keys, aliases and grants as the flags say', async () => {
  const server = await serveKms('--keys-per-region', '1', '--aliases-per-key', '2', '--grants-per-key', '3')
  onTestFinished(server.stop)
  const credentials = { accessKeyId: ACCOUNT, secretAccessKey: 'x' }
  const kms = new KMS({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 })
  onTestFinished(() => kms.destroy())

  const { KeyMetadata: { KeyId = '' } = {} } = await kms.createKey()
  const grant = { KeyId, GranteePrincipal: `arn:aws:iam::${ACCOUNT}:user/alice`, Operations: ['Encrypt' as const] }
  for (const AliasName of ['alias/a', 'alias/b']) await kms.createAlias({ AliasName, TargetKeyId: KeyId })
  for (let i = 0; i < 3; i++) await kms.createGrant(grant)

  const refused = { name: 'LimitExceededException' }
  await expect(kms.createKey()).rejects.toMatchObject(refused)
  await expect(kms.createAlias({ AliasName: 'alias/c', TargetKeyId: KeyId })).rejects.toMatchObject(refused)
  await expect(kms.createGrant(grant)).rejects.toMatchObject(refused)
})

it.each([
  ['--keys-per-region', '0'],
  ['--aliases-per-key', 'many'],
  ['--grants-per-key', '1.5'],
])('%s %s is not understood', async (flag, value) => {
  const { code, stderr } = await startCommand('serve', '--store', 'memory', '--port', '0', `${flag}=${value}`).ended
  expect(code).toBe(2)
  expect(stderr).toContain('A quota is a whole number, 1 or more.')
})
