/**
 * Everything that the boundary asks of whoever computes: one flat set of primitives, synchronous on `Uint8Array`.
 *
 * A provider holds no keys and keeps no state between calls but what a prepared key carries. It may assume that
 * lengths are right: the algorithms above it check them. What a provider does not have it takes from another one, and
 * `servedBy` says so.
 */

import type { CurvePrimitives, HashPrimitives, LatticePrimitives, RsaPrimitives } from './asymmetric-primitives.ts'
import type { MessagePrimitives } from './message-primitives.ts'
import type { BlockPrimitives, GcmPrimitives, KeyWrapPrimitives, MacPrimitives } from './symmetric-primitives.ts'

/** The groups in which primitives are served. */
export type PrimitiveGroup =
  | 'AES-256-GCM'
  | 'AES-256-KWP'
  /** The bare block cipher, which the random generator is made of. */
  | 'AES-256'
  | 'HMAC'
  | 'SHA'
  | 'RSA'
  | 'ECDSA'
  | 'ECDH'
  | 'Ed25519'
  | 'ML-DSA'
  | 'ML-KEM'

export interface Provider
  extends
    GcmPrimitives,
    KeyWrapPrimitives,
    BlockPrimitives,
    MacPrimitives,
    HashPrimitives,
    RsaPrimitives,
    CurvePrimitives,
    LatticePrimitives,
    MessagePrimitives {
  readonly name: string
  /** The name of the provider that serves each group. */
  readonly servedBy: Readonly<Record<PrimitiveGroup, string>>
  /**
   * Makes ready what is to serve these groups, where that takes a while, such as compiling. Every primitive works before
   * that, too; who serves it may change.
   *
   * @returns `undefined` when there is nothing to wait for; never rejects
   */
  prepare?(groups: readonly PrimitiveGroup[]): Promise<void> | undefined
}
