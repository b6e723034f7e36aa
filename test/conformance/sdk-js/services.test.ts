/**
 * A service that itself uses the AWS SDK: the client asks as the service does.
 *
 * @covers KMS authorization §7, §8
 */
import { DescribeKeyCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { requestHandler } from 'softkms'
import { expect, test } from 'vitest'
import { ACCOUNT, REGION, startKms } from '../../support/kms-fixture.ts'

const ROLE = `arn:aws:iam::${ACCOUNT}:role/app`

test('the SDK calls for a service, within what the service does', async () => {
  const { kms } = await startKms()
  const client = new KMSClient({
    region: REGION,
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'x' },
    requestHandler: requestHandler(kms.asService('s3.amazonaws.com', { onBehalfOf: ROLE })),
  })
  const KeyId = 'alias/aws/s3'
  const { KeyId: arn } = await client.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }))
  expect((await kms.describeKey({ KeyId })).KeyMetadata?.Arn).toBe(arn)
  await expect(client.send(new DescribeKeyCommand({ KeyId }))).rejects.toMatchObject({ name: 'AccessDeniedException' })
})
