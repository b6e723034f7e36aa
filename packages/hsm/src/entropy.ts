/**
 * The single door through which randomness comes.
 *
 * Keys, nonces, initialization vectors and GenerateRandom all draw here. The default door is the runtime's
 * `crypto.getRandomValues`; a fixed one for tests lives in the `testing` subpath and nowhere else.
 */

import { fillRandom } from './host.ts'

export interface Entropy {
  /** Overwrites every byte of `bytes` with random ones. */
  fill(bytes: Uint8Array): void
}

/** `getRandomValues` refuses more than this at once. */
const QUOTA_BYTES = 65_536

export const systemEntropy: Entropy = {
  fill(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += QUOTA_BYTES) fillRandom(bytes.subarray(at, at + QUOTA_BYTES))
  },
}

/** Draws `length` fresh bytes. */
export function drawBytes(entropy: Entropy, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  entropy.fill(bytes)
  return bytes
}
