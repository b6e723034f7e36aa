/**
 * Every operation through the AWS SDK: a success, every error that it can answer, and every member.
 *
 * A member's case runs twice: once as it is, and once while requests lose that member on their way, when it must fail.
 * So a KMS that ignored the member would not pass.
 *
 * @covers KMS operations; wire §2, §4
 */
import * as sdk from '@aws-sdk/client-kms'
import type { KmsErrorCode } from '@softkms/kms'
import { describe, expect, test } from 'vitest'
import { A_UUID } from '../sdk-js/answers.ts'
import { type AnyContract, type ErrorCase, isLater, isNever } from './contract.ts'
import { findGaps } from './coverage.ts'
import { errorsOf } from './derived-errors.ts'
import { membersOf } from './derived-members.ts'
import { CONTRACTS } from './operations/index.ts'
import { send } from './send.ts'
import { openWorld } from './world.ts'

/** What the SDK calls a message that the service did not send. */
const NO_MESSAGE = 'UnknownError'

const STATUS: { readonly [Code in KmsErrorCode]?: number } = {
  DependencyTimeoutException: 503,
  KMSInternalException: 500,
  KeyUnavailableException: 500,
}

async function expectError(
  contract: AnyContract,
  code: KmsErrorCode,
  { options, provoke }: ErrorCase<object>,
): Promise<void> {
  const world = await openWorld(options)
  const { input, by = world.kms, message } = await provoke(world)
  const answer: unknown = await send(by, contract.operation, input).catch((error: unknown) => error)
  expect(answer).toBeInstanceOf(sdk.KMSServiceException)
  const error = answer as sdk.KMSServiceException
  expect({ name: error.name, message: error.message }).toEqual({ name: code, message: message ?? NO_MESSAGE })
  expect(error.$metadata).toMatchObject({ httpStatusCode: STATUS[code] ?? 400, requestId: A_UUID })
}

const contracts: readonly AnyContract[] = Object.values(CONTRACTS)

test.each(contracts.filter(({ later }) => later === undefined))(
  '$operation succeeds',
  async ({ operation, request }) => {
    const world = await openWorld()
    const { $metadata } = await send(world.kms, operation, await request(world))
    expect($metadata).toMatchObject({ httpStatusCode: 200, requestId: A_UUID, attempts: 1 })
  },
)

describe.each(contracts)('$operation', (contract) => {
  const { operation } = contract

  test('has a case for every member and every error', () => expect(findGaps(contract)).toEqual([]))

  for (const [code, cases] of errorsOf(contract)) {
    if (isLater(cases) || isNever(cases)) continue
    for (const one of cases) test(`${code}: ${one.when}`, () => expectError(contract, code, one))
  }

  for (const [path, one] of membersOf(contract)) {
    if (one === undefined || isLater(one)) continue
    test(`${path} ${one.does}`, async () => {
      await one.test(await openWorld(one.options))
      const lost = await openWorld(one.options, { operation, path })
      await expect(one.test(lost), `${path} may be ignored`).rejects.toBeInstanceOf(Error)
    })
  }
})
