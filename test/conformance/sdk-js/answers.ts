/** What the AWS SDK for JavaScript makes of an answer: its members, its metadata, its error. */
import * as sdk from '@aws-sdk/client-kms'
import type { ImplementedOperation } from '@softkms/kms'
import { expect } from 'vitest'

/** For each operation, what shows that it succeeds. */
export type Successes = { readonly [Name in ImplementedOperation]: (kms: sdk.KMS) => Promise<void> }

type WithMetadata = Pick<sdk.KMSServiceException, '$metadata'>

export const A_DATE: unknown = expect.any(Date)
export const SOME_BYTES: unknown = expect.any(Uint8Array)
export const A_UUID: unknown = expect.stringMatching(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/)
export const A_MATERIAL_ID: unknown = expect.stringMatching(/^[0-9a-f]{64}$/)

/** What the SDK calls a message that the service did not send. */
const NO_MESSAGE = 'UnknownError'

/** Waits for a success that came with the first attempt, and returns its members. */
export async function expectAnswer<Output extends WithMetadata>(
  attempt: Promise<Output>,
): Promise<Omit<Output, '$metadata'>> {
  const { $metadata, ...members } = await attempt
  expect($metadata).toMatchObject({ httpStatusCode: 200, requestId: A_UUID, attempts: 1 })
  return members
}

/**
 * Waits for the refusal of one attempt, with HTTP status 400.
 *
 * @param message `undefined` when AWS sends none, an expression where something of it cannot be known
 */
export async function expectRefusal(
  attempt: Promise<unknown>,
  name: string,
  message: string | RegExp | undefined,
): Promise<void> {
  const error: unknown = await attempt.then(
    () => 'a success',
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(classOf(name))
  const { $metadata, $fault, ...exception } = error as sdk.KMSServiceException
  const expected: unknown = message instanceof RegExp ? expect.stringMatching(message) : (message ?? NO_MESSAGE)
  expect({ name: exception.name, message: (error as Error).message }).toEqual({ name, message: expected })
  expect($fault).toBe('client')
  expect($metadata).toMatchObject({ httpStatusCode: 400, requestId: A_UUID, attempts: 1 })
}

/** The SDK's class for an exception; the general one for those that the API's model does not have. */
function classOf(name: string): unknown {
  return Object.hasOwn(sdk, name) ? (sdk as unknown as Record<string, unknown>)[name] : sdk.KMSServiceException
}
