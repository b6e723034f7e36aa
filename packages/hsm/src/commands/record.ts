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
import { DOMAIN_KEY_ID_LENGTH } from '../key-token.ts'
import type { Vault } from '../vault.ts'

export function protectRecord(vault: Vault, record: Uint8Array): Uint8Array {
  assertBytes('record', record)
  const { id, recordMac } = vault.powerUp().active
  return concatBytes(id, recordMac.compute(record))
}

export function verifyRecord(vault: Vault, record: Uint8Array, tag: Uint8Array): boolean {
  assertBytes('record', record)
  assertBytes('tag', tag)
  const key = vault.powerUp().find(tag.slice(0, DOMAIN_KEY_ID_LENGTH))
  return key !== undefined && verifyHmac(key.recordMac, record, tag.subarray(DOMAIN_KEY_ID_LENGTH))
}
