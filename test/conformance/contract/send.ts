/** Any operation through the AWS SDK. */
import type * as sdk from '@aws-sdk/client-kms'
import type { OperationName } from '@softkms/kms'
import { createCommand } from '../../support/sdk-decoding.ts'

export async function send(kms: sdk.KMS, operation: OperationName, input: object): Promise<sdk.ServiceOutputTypes> {
  return kms.send(createCommand(operation, input))
}
