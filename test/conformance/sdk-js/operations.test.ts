/**
 * Every operation succeeds with the AWS SDK for JavaScript, but for those of custom key stores, which have nothing to
 * succeed with. The compiler asks for a case as soon as an operation is added.
 *
 * @covers wire §1, §5; KMS operations
 */
import type * as sdk from '@aws-sdk/client-kms'
import { operationShapes } from '@softkms/kms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ALIAS_AND_ROTATION_SUCCESSES } from './aliases-and-rotation.ts'
import type { Successes } from './answers.ts'
import { ASYMMETRIC_SUCCESSES } from './asymmetric.ts'
import { CRYPTOGRAPHY_SUCCESSES } from './cryptography.ts'
import { DOORS, type Door } from './doors.ts'
import { GRANT_SUCCESSES } from './grants.ts'
import { IMPORT_AND_REGION_SUCCESSES } from './import-and-regions.ts'
import { KEY_STORE_ANSWERS } from './key-stores.ts'
import { KEY_SUCCESSES } from './keys.ts'

const SUCCESSES: Successes = {
  ...KEY_SUCCESSES,
  ...CRYPTOGRAPHY_SUCCESSES,
  ...ASYMMETRIC_SUCCESSES,
  ...ALIAS_AND_ROTATION_SUCCESSES,
  ...IMPORT_AND_REGION_SUCCESSES,
  ...GRANT_SUCCESSES,
  ...KEY_STORE_ANSWERS,
}

it('knows every operation of the API', () => {
  expect(Object.keys(SUCCESSES).toSorted()).toEqual(Object.keys(operationShapes).toSorted())
  expect(Object.keys(SUCCESSES)).toHaveLength(56)
})

describe.each(DOORS)('$name', ({ open }) => {
  let door: Door
  let kms: sdk.KMS

  beforeAll(async () => {
    door = await open()
    kms = door.client()
  })
  afterAll(() => door.close())

  it.each(Object.entries(SUCCESSES))('%s', async (_name, expectSuccess) => expectSuccess(kms))
})
