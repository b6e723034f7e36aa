/**
 * How an error looks on the wire: HTTP 400 for every fault of a client, `__type` without prefix, and `message` or
 * nothing else at all.
 *
 * @covers wire §2
 */
import { expect, test } from 'vitest'
import { type KmsErrorCode, KmsError, operationErrors } from '@softkms/kms'
import { createFetchHandler } from '@softkms/server'
import { createProgrammedKms } from '../../support/programmed-kms.ts'
import { ask } from '../../support/wire.ts'

const SERVER_FAULTS: Partial<Record<KmsErrorCode, number>> = {
  DependencyTimeoutException: 503,
  KMSInternalException: 500,
  KeyUnavailableException: 500,
}

const MODELLED = [...new Set(Object.values(operationErrors).flat())]
const OTHERS = [
  'AccessDeniedException',
  'NotAuthorizedException',
  'SerializationException',
  'ThrottlingException',
  'UnknownOperationException',
  'ValidationException',
] as const

async function told(code: KmsErrorCode, message?: string): Promise<readonly [number, string]> {
  const kms = createProgrammedKms({
    ListKeys() {
      throw new KmsError(code, message)
    },
  })
  const { status, text } = await ask(createFetchHandler(kms), {})
  return [status, text]
}

test('the model has errors of every kind', () => {
  expect(MODELLED.length).toBeGreaterThan(45)
})

test.each([...MODELLED, ...OTHERS])('%s', async (code) => {
  const status = SERVER_FAULTS[code] ?? 400
  expect(await told(code, 'Text.')).toEqual([status, `{"__type":"${code}","message":"Text."}`])
  expect(await told(code)).toEqual([status, `{"__type":"${code}"}`])
})
