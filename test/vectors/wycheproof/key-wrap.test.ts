/**
 * AES key wrap with padding against Wycheproof.
 *
 * The provider's function runs keys of every size; behind the length check of the algorithm stands AES-256 alone.
 *
 * @covers RFC 5649
 */

import { unwrapAesKwp } from '../../../packages/hsm/src/algorithms/key-wrap/aes-kwp.ts'
import { equalBytes } from '../../../packages/hsm/src/bytes.ts'
import { nobleProvider } from '@softkms/hsm'
import type { KeyWrapPrimitives } from '../../../packages/hsm/src/symmetric-primitives.ts'
import { PROVIDERS } from '../../support/providers.ts'
import { fromHex } from '../../support/vectors.ts'
import { type Verdict, type WycheproofTest, testWycheproof } from '../../support/wycheproof.ts'

interface WrapTest extends WycheproofTest {
  readonly key: string
  readonly msg: string
  readonly ct: string
}

interface WrapGroup {
  readonly keySize: number
  readonly tests: readonly WrapTest[]
}

const OTHER_KEYS = 'the API wraps under AES-256 only'

/** Whether the ciphertext unwraps to the message and, where it does, wrapping gives it again. */
function isWrapped(provider: KeyWrapPrimitives, one: WrapTest, unwrapped: Uint8Array | undefined): Verdict {
  const material = fromHex(one.msg)
  if (unwrapped === undefined || !equalBytes(unwrapped, material)) return false
  return equalBytes(provider.wrapAesKwp(fromHex(one.key), material), fromHex(one.ct))
}

testWycheproof<WrapTest, WrapGroup>('aes-kwp', {
  title: 'noble, the primitive with keys of every size',
  run: (one) => isWrapped(nobleProvider, one, nobleProvider.unwrapAesKwp(fromHex(one.key), fromHex(one.ct))),
})

for (const provider of PROVIDERS) {
  testWycheproof<WrapTest, WrapGroup>('aes-kwp', {
    title: `${provider.name}, the algorithm`,
    leaves: OTHER_KEYS,
    run(one, group) {
      if (group.keySize !== 256) return { skipped: OTHER_KEYS }
      return isWrapped(provider, one, unwrapAesKwp(provider, fromHex(one.key), fromHex(one.ct)))
    },
  })
}
