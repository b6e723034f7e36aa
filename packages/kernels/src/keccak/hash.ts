/** Hashing from outside: parts of any length through a place in a kernel's memory. */

import type { Exported } from '../exported.ts'
import type { SpongeFunctions } from './sponge.ts'

export interface HashMachine {
  readonly run: Exported<Pick<SpongeFunctions, 'begin' | 'absorb' | 'turn' | 'squeeze'>>
  readonly memory: Uint8Array
}

export interface HashPlan {
  readonly rate: number
  readonly suffix: number
  /** Where parts may stand for a while, and how many bytes there are. */
  readonly buffer: number
  readonly bufferBytes: number
}

/** Writes so many bytes to an address. */
export function hashParts(
  { run, memory }: HashMachine,
  { rate, suffix, buffer, bufferBytes }: HashPlan,
  parts: readonly Uint8Array[],
  to: number,
  length: number,
): void {
  run.begin(rate)
  for (const part of parts) {
    for (let at = 0; at < part.length; at += bufferBytes) {
      const piece = part.subarray(at, at + bufferBytes)
      memory.set(piece, buffer)
      run.absorb(buffer, piece.length)
    }
  }
  run.turn(suffix)
  run.squeeze(to, length)
}
