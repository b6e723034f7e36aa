/**
 * The known answer of HMAC-SHA-256, computed twice, since a prepared key must serve many messages.
 *
 * @spec RFC 4231 §4.3 (test case 2)
 */

import { equalBytes, parseHex } from '../../bytes.ts'
import { encodeUtf8 } from '../../host.ts'
import type { Provider } from '../../provider.ts'

const TAG = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'

export function passesHmacCast(provider: Provider): boolean {
  const mac = provider.createHmacSha256(encodeUtf8('Jefe'))
  const message = encodeUtf8('what do ya want for nothing?')
  const expected = parseHex(TAG)
  const passes = equalBytes(mac.compute(message), expected) && equalBytes(mac.compute(message), expected)
  mac.zeroize()
  return passes
}
