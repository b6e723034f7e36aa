/**
 * HMAC against Wycheproof. The files have tags of 128 bits too; AWS KMS has whole ones only, so those compare the
 * leading bytes of a whole one.
 *
 * @covers FIPS 198-1
 */

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

const FILES: readonly { readonly name: string; readonly hash: MacHash; readonly count: number }[] = [
  { name: 'hmac_sha224', hash: 'SHA-224', count: 172 },
  { name: 'hmac_sha256', hash: 'SHA-256', count: 174 },
  { name: 'hmac_sha512', hash: 'SHA-512', count: 174 },
]

for (const provider of PROVIDERS) {
  for (const { name, hash, count } of FILES) {
    testWycheproof<MacTest, MacGroup>(name, {
      title: provider.name,
      count,
      run(one, group) {
        const key = provider.createHmac(hash, fromHex(one.key))
        const tag = key.compute(fromHex(one.msg))
        key.zeroize()
        return equalBytes(tag.subarray(0, group.tagSize / 8), fromHex(one.tag))
      },
    })
  }
}
