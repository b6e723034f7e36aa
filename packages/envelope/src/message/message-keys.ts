/**
 * What a data key is made into for one message: the key that seals it, and the commitment that stands in its header.
 *
 * @spec AWS Encryption SDK, Algorithm suites reference, "Key commitment"
 */

import type { MacPrimitives } from '@softkms/hsm'
import { encodeUtf8 } from '../host.ts'
import { expandHkdf, extractHkdf } from './hkdf.ts'
import { COMMITMENT_LENGTH, DATA_KEY_LENGTH, type MessageSuite } from './suite.ts'

const KEY_LABEL = 'DERIVEKEY'
const COMMITMENT_LABEL = 'COMMITKEY'

export interface MessageKeys {
  /** AES-256, the caller's to zeroize. */
  readonly sealingKey: Uint8Array
  /** 32 bytes, public. */
  readonly commitment: Uint8Array
}

/** @param dataKey 32 bytes; stays the caller's */
export function deriveMessageKeys(
  provider: MacPrimitives,
  suite: MessageSuite,
  messageId: Uint8Array,
  dataKey: Uint8Array,
): MessageKeys {
  const keyLabel = Uint8Array.of(suite.id >>> 8, suite.id & 0xff, ...encodeUtf8(KEY_LABEL))
  const pseudorandomKey = extractHkdf(provider, messageId, dataKey)
  try {
    return {
      sealingKey: expandHkdf(provider, pseudorandomKey, keyLabel, DATA_KEY_LENGTH),
      commitment: expandHkdf(provider, pseudorandomKey, encodeUtf8(COMMITMENT_LABEL), COMMITMENT_LENGTH),
    }
  } finally {
    pseudorandomKey.fill(0)
  }
}
