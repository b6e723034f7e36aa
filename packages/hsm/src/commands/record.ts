/**
 * Tags of records that are kept outside: what whoever can write to a database cannot make.
 *
 * ```
 *  0     16  id of the domain key
 * 16     32  HMAC-SHA-256 of the record
 * ```
 */

import { verifyHmac } from '../algorithms/hmac/hmac.ts'
import { assertBytes, concatBytes } from '../bytes.ts'
import { encodeUtf8 } from '../host.ts'
import { DOMAIN_KEY_ID_LENGTH } from '../key-token.ts'
import type { Vault } from '../vault.ts'

export function protectRecord(vault: Vault, record: string): Uint8Array {
  const { id, recordMac } = vault.powerUp().active
  return concatBytes(id, recordMac.compute(encodeRecord(record)))
}

export function verifyRecord(vault: Vault, record: string, tag: Uint8Array): boolean {
  assertBytes('tag', tag)
  const key = vault.powerUp().find(tag.slice(0, DOMAIN_KEY_ID_LENGTH))
  return key !== undefined && verifyHmac(key.recordMac, encodeRecord(record), tag.subarray(DOMAIN_KEY_ID_LENGTH))
}

/** @throws TypeError for anything but text, which would be turned into some text or other */
function encodeRecord(record: unknown): Uint8Array {
  if (typeof record !== 'string') throw new TypeError('record must be text')
  return encodeUtf8(record)
}
