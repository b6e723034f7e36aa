/** Any operation through the AWS SDK. */
import * as sdk from '@aws-sdk/client-kms'
import type { OperationName } from '@softkms/kms'

export async function send(kms: sdk.KMS, operation: OperationName, input: object): Promise<sdk.ServiceOutputTypes> {
  const commands = sdk as unknown as Readonly<Record<string, new (input: object) => Parameters<sdk.KMS['send']>[0]>>
  const Command = commands[`${operation}Command`]
  if (Command === undefined) throw new Error(`the SDK has no ${operation}Command`)
  return kms.send(new Command(input))
}
