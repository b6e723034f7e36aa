/** The mask generation function. @spec RFC 8017 §B.2.1 */

import type { HashName, HashPrimitives } from '../../asymmetric-primitives.ts'

/** XORs the mask that `seed` generates onto `target`, in place. */
export function applyMgf1(hashes: HashPrimitives, hash: HashName, seed: Uint8Array, target: Uint8Array): void {
  const counter = new Uint8Array(4)
  const view = new DataView(counter.buffer)
  for (let at = 0, block = 0; at < target.length; block++) {
    view.setUint32(0, block)
    const mask = hashes.digest(hash, seed, counter)
    for (let i = 0; i < mask.length && at < target.length; i++, at++) target[at] = (target[at] ?? 0) ^ (mask[i] ?? 0)
    mask.fill(0)
  }
}
