/** Names that the engine gives: key ids, request ids, event ids and grant ids. */

import { type Entropy, systemEntropy } from '@softkms/hsm'
import type { GrantId } from './grant/grant.ts'
import { formatHex } from './hex.ts'
import type { KeyId } from './key/key-id.ts'

export interface Ids {
  /** A key id no key ever had. */
  newKeyId(): KeyId
  /** The same of a multi-Region key. */
  newMultiRegionKeyId(): KeyId
  newRequestId(): string
  /** Of an entry in the audit trail. */
  newEventId(): string
  newGrantId(): GrantId
}

/** Random UUIDs, version 4. @spec RFC 9562 §5.4 */
export function createIds(entropy: Entropy = systemEntropy): Ids {
  return {
    newKeyId: () => newUuid(entropy) as KeyId,
    newMultiRegionKeyId: () => `mrk-${newUuid(entropy).replaceAll('-', '')}` as KeyId,
    newRequestId: () => newUuid(entropy),
    newEventId: () => newUuid(entropy),
    newGrantId: () => newGrantId(entropy),
  }
}

function newUuid(entropy: Entropy): string {
  const bytes = new Uint8Array(16)
  entropy.fill(bytes)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** 32 random bytes in hexadecimal. @spec KMS crypto-details §11 */
function newGrantId(entropy: Entropy): GrantId {
  const bytes = new Uint8Array(32)
  entropy.fill(bytes)
  return formatHex(bytes) as GrantId
}
