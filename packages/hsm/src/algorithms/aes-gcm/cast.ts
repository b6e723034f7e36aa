/**
 * The known answer of AES-256-GCM: sealed, opened, and refused with one bit of the tag changed.
 *
 * @spec McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)", appendix B, test case 16
 */

import { equalBytes, parseHex } from '../../bytes.ts'
import type { Provider } from '../../provider.ts'

const KEY = 'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308'
const NONCE = 'cafebabefacedbaddecaf888'
const ADDITIONAL_DATA = 'feedfacedeadbeeffeedfacedeadbeefabaddad2'
const PLAINTEXT =
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72' +
  '1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39'
const SEALED =
  '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa' +
  '8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662' +
  '76fc6ece0f4e1768cddf8853bb2d551b'

export function passesAesGcmCast(provider: Provider): boolean {
  const key = parseHex(KEY)
  const nonce = parseHex(NONCE)
  const additionalData = parseHex(ADDITIONAL_DATA)
  const plaintext = parseHex(PLAINTEXT)
  const expected = parseHex(SEALED)

  const sealed = provider.sealAesGcm(key, nonce, additionalData, plaintext)
  if (!equalBytes(sealed, expected)) return false

  const opened = provider.openAesGcm(key, nonce, additionalData, expected)
  if (opened === undefined || !equalBytes(opened, plaintext)) return false

  const damaged = parseHex(SEALED)
  damaged[damaged.length - 1] = 0x1a
  return provider.openAesGcm(key, nonce, additionalData, damaged) === undefined
}
