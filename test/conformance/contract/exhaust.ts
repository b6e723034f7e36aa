/** Using up the rate at which an operation may be asked for. */
import type { OperationName } from '@softkms/kms'
import type { Kms } from 'softkms'
import { call } from '../../support/kms-fixture.ts'

/** More than any allowance in the Region. */
const TOO_MANY = 10_001

/** Asks until the allowance is used up, whatever is answered before. @throws when it never is */
export async function exhaust(kms: Kms, operation: OperationName, input: object): Promise<void> {
  // A key that cannot be used spares its work and spends its allowance.
  await disableKeyOf(kms, input)
  for (let attempt = 0; attempt < TOO_MANY; attempt++) {
    try {
      await call(kms, operation, input)
    } catch (error) {
      if (error instanceof Error && error.name === 'ThrottlingException') return
    }
  }
  throw new Error(`${operation} is not throttled`)
}

async function disableKeyOf(kms: Kms, input: object): Promise<void> {
  const named = Object.values(input).find((value): value is string => typeof value === 'string' && UUID.test(value))
  if (named === undefined) return
  const { KeyMetadata } = await kms.describeKey({ KeyId: named })
  if (KeyMetadata?.Enabled === true) await kms.disableKey({ KeyId: named })
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/
