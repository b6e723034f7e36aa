/**
 * Every operation succeeds with the AWS SDK for JavaScript, and what is not there says so. The compiler asks for a
 * case as soon as an operation is added.
 *
 * @covers wire §1, §5; KMS operations
 */
import type { KMS } from '@aws-sdk/client-kms'
import { operationShapes } from '@softkms/kms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCommand } from '../../support/sdk-decoding.ts'
import { ALIAS_AND_ROTATION_SUCCESSES } from './aliases-and-rotation.ts'
import { type Successes, expectRefusal } from './answers.ts'
import { ASYMMETRIC_SUCCESSES } from './asymmetric.ts'
import { CRYPTOGRAPHY_SUCCESSES } from './cryptography.ts'
import { DOORS, type Door } from './doors.ts'
import { GRANT_SUCCESSES } from './grants.ts'
import { IMPORT_AND_REGION_SUCCESSES } from './import-and-regions.ts'
import { KEY_SUCCESSES } from './keys.ts'

const SUCCESSES: Successes = {
  ...KEY_SUCCESSES,
  ...CRYPTOGRAPHY_SUCCESSES,
  ...ASYMMETRIC_SUCCESSES,
  ...ALIAS_AND_ROTATION_SUCCESSES,
  ...IMPORT_AND_REGION_SUCCESSES,
  ...GRANT_SUCCESSES,
}
const NOT_THERE = Object.keys(operationShapes).filter((name) => !Object.hasOwn(SUCCESSES, name))

it('knows every operation of the API', () => {
  expect(Object.keys(operationShapes)).toHaveLength(56)
  expect(NOT_THERE).toHaveLength(56 - 49)
})

describe.each(DOORS)('$name', ({ open }) => {
  let door: Door
  let kms: KMS

  beforeAll(async () => {
    door = await open()
    kms = door.client()
  })
  afterAll(() => door.close())

  it.each(Object.entries(SUCCESSES))('%s succeeds', async (_name, expectSuccess) => expectSuccess(kms))

  // The request has no member: the refusal comes before any is looked at.
  it.each(NOT_THERE)('%s is not there', async (name) =>
    expectRefusal(kms.send(createCommand(name)), 'UnknownOperationException', undefined),
  )
})
