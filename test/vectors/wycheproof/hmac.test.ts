/**
 * HMAC against Wycheproof. The files have tags of 128 bits too; AWS KMS has whole ones only, so those compare the
 * leading bytes of a whole one.
 *
 * @covers FIPS 198-1
 */

import { expect } from 'vitest'
import { equalBytes } from '../../../packages/hsm/src/bytes.ts'
import type { MacHash } from '../../../packages/hsm/src/symmetric-primitives.ts'
import { PROVIDERS } from '../../support/providers.ts'
import { fromHex } from '../../support/vectors.ts'
import { type WycheproofTest, testWycheproof } from '../../support/wycheproof.ts'

interface MacTest extends WycheproofTest {
  readonly key: string
  readonly msg: string
  readonly tag: string
}

interface MacGroup {
  readonly tagSize: number
  readonly tests: readonly MacTest[]
}

const HASHES: Readonly<Record<string, MacHash>> = {
  HMACSHA224: 'SHA-224',
  HMACSHA256: 'SHA-256',
  HMACSHA384: 'SHA-384',
  HMACSHA512: 'SHA-512',
}

for (const provider of PROVIDERS) {
  testWycheproof<MacTest, MacGroup>('hmac', {
    title: provider.name,
    run(one, group, algorithm) {
      const key = provider.createHmac(HASHES[algorithm] ?? expect.fail(`${algorithm} is none of ours`), fromHex(one.key))
      const tag = key.compute(fromHex(one.msg))
      key.zeroize()
      return equalBytes(tag.subarray(0, group.tagSize / 8), fromHex(one.tag))
    },
  })
}
