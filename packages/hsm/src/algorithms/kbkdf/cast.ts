/**
 * The known answer of the key derivation, with a label and a context of its own.
 *
 * The expected key was printed by OpenSSL's KBKDF (`openssl kdf -keylen 32 -kdfopt mac:HMAC -kdfopt digest:SHA256
 * -kdfopt hexkey:... -kdfopt salt:<label> -kdfopt hexinfo:<context> KBKDF`).
 *
 * @spec SP 800-108r1 §4.1
 */

import { equalBytes, parseHex } from '../../bytes.ts'
import { encodeUtf8 } from '../../host.ts'
import type { Provider } from '../../provider.ts'
import { deriveKey } from './kbkdf.ts'

const KEY = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'
const LABEL = 'softkms known answer'
const CONTEXT = 'a0a1a2a3a4a5a6a7a8a9aaabacadaeaf'
const DERIVED = '9ee818e42d6ee8c81707a0fc39cf2d43600d0c24814c89d0da88d5aa550bb747'

export function passesKbkdfCast(provider: Provider): boolean {
  const mac = provider.createHmac('SHA-256', parseHex(KEY))
  const derived = deriveKey(mac, encodeUtf8(LABEL), parseHex(CONTEXT))
  mac.zeroize()
  return equalBytes(derived, parseHex(DERIVED))
}
