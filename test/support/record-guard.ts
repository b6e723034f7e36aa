/** A guard of records for tests: HMAC-SHA-256 by node:crypto, under a key of its own. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { RecordGuard } from '@softkms/kms'

export function createTestGuard(key: Uint8Array = randomBytes(32)): RecordGuard {
  const tagOf = (kind: string, text: string): Uint8Array =>
    Uint8Array.from(createHmac('sha256', key).update(`${kind}\n${text}`).digest())
  return {
    protect: async (kind, text) => tagOf(kind, text),
    verify: async (kind, text, tag) => tag.length === 32 && timingSafeEqual(tagOf(kind, text), tag),
  }
}
