/**
 * The known answers of HMAC, each computed twice, since a prepared key must serve many messages.
 *
 * @spec RFC 4231 §4.3 (test case 2)
 */

import { equalBytes, parseHex } from '../../bytes.ts'
import { encodeUtf8 } from '../../host.ts'
import type { MacHash, MacPrimitives } from '../../symmetric-primitives.ts'

const KEY = 'Jefe'
const MESSAGE = 'what do ya want for nothing?'
const TAGS: Readonly<Record<MacHash, string>> = {
  'SHA-224': 'a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44',
  'SHA-256': '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  'SHA-384': 'af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649',
  'SHA-512':
    '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554' +
    '9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
}

export function passesHmacCast(provider: MacPrimitives): boolean {
  return (Object.keys(TAGS) as MacHash[]).every((hash) => answers(provider, hash))
}

function answers(provider: MacPrimitives, hash: MacHash): boolean {
  const mac = provider.createHmac(hash, encodeUtf8(KEY))
  const message = encodeUtf8(MESSAGE)
  const expected = parseHex(TAGS[hash])
  const passes = equalBytes(mac.compute(message), expected) && equalBytes(mac.compute(message), expected)
  mac.zeroize()
  return passes
}
