/**
 * Every operation through the AWS SDK, for a caller that may do nothing and for one that may do everything.
 *
 * @covers wire §4 (AccessDeniedException)
 */
import * as sdk from '@aws-sdk/client-kms'
import { createIdentityPolicies, OPERATIONS } from '@softkms/kms'
import { requestHandler } from 'softkms'
import { beforeEach, expect, test } from 'vitest'
import { ACCOUNT, REGION, startKms } from '../../support/kms-fixture.ts'
import { requestFor } from '../../support/operation-requests.ts'
import { allow, policyOf } from '../../support/policy-scene.ts'

const NOBODY = `arn:aws:iam::${ACCOUNT}:user/nobody`
const EVERYBODY = `arn:aws:sts::${ACCOUNT}:assumed-role/everybody/session`

let keyArn = ''
let grantId: string | undefined
const clients = new Map<string, sdk.KMSClient>()
beforeEach(async () => {
  const identityPolicies = createIdentityPolicies()
  identityPolicies.set(NOBODY, {})
  identityPolicies.set(`arn:aws:iam::${ACCOUNT}:role/everybody`, { identity: [policyOf(allow())] })
  const { kms } = await startKms({ identityPolicies })
  keyArn = (await kms.createKey()).KeyMetadata?.Arn ?? ''
  await kms.createAlias({ AliasName: 'alias/there', TargetKeyId: keyArn })
  const Operations = [sdk.GrantOperation.Decrypt]
  grantId = (await kms.createGrant({ KeyId: keyArn, GranteePrincipal: EVERYBODY, Operations })).GrantId
  for (const caller of [NOBODY, EVERYBODY]) {
    const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'x' }
    clients.set(
      caller,
      new sdk.KMSClient({ region: REGION, credentials, requestHandler: requestHandler(kms.as(caller)) }),
    )
  }
})

/** What came of the request: `ok`, or the name of the refusal and its message. */
async function send(caller: string, operation: string): Promise<readonly [name: string, message: string]> {
  const commands = sdk as unknown as Readonly<Record<string, new (input: object) => sdk.ListKeysCommand>>
  const Command = commands[`${operation}Command`]
  if (Command === undefined) throw new Error(`the SDK has no ${operation}Command`)
  try {
    await clients.get(caller)?.send(new Command(requestFor(operation, keyArn, grantId)))
    return ['ok', '']
  } catch (error) {
    return error instanceof Error ? [error.name, error.message] : ['', '']
  }
}

test.each(Object.keys(OPERATIONS))('%s', async (operation) => {
  const action = operation === 'ReEncrypt' ? 'kms:ReEncryptFrom' : `kms:${operation}`
  const [name, message] = await send(NOBODY, operation)
  expect(name).toBe('AccessDeniedException')
  expect(message).toContain(`User: ${NOBODY} is not authorized to perform: ${action} on resource: `)
  expect(message).toContain(`because no identity-based policy allows the ${action} action`)
  // Whatever else may be wrong with the request, it is not the caller.
  expect((await send(EVERYBODY, operation))[0]).not.toBe('AccessDeniedException')
})
