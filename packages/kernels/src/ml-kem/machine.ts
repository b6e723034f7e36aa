/** The kernel's memory and functions as the three algorithms use them. */

import { type HashPlan, hashParts } from '../keccak/hash.ts'
import { SHA3_256_RATE, SHA3_512_RATE, SHA3_SUFFIX, SHAKE256_RATE, SHAKE_SUFFIX } from '../keccak/sponge.ts'
import { KeptMatrix } from '../lattice/kept-matrix.ts'
import { MATRIX, PACKED, POLYNOMIAL_BYTES, SECRETS_END, SEED } from './layout.ts'
import { type ParameterSet, packedBytes } from './parameters.ts'
import type { MlKemExports } from './program.ts'

/** The standard's names for its hashes. @spec FIPS 203 §4.1 */
export type HashName = 'G' | 'H' | 'J'

const BUFFER = { buffer: PACKED, bufferBytes: SECRETS_END - PACKED }
const HASHES: Readonly<Record<HashName, HashPlan & { readonly length: number }>> = {
  G: { ...BUFFER, rate: SHA3_512_RATE, suffix: SHA3_SUFFIX, length: 64 },
  H: { ...BUFFER, rate: SHA3_256_RATE, suffix: SHA3_SUFFIX, length: 32 },
  J: { ...BUFFER, rate: SHAKE256_RATE, suffix: SHAKE_SUFFIX, length: 32 },
}

export class Machine {
  readonly run: MlKemExports
  readonly memory: Uint8Array
  readonly #matrix = new KeptMatrix()

  constructor(exports: MlKemExports) {
    this.run = exports
    this.memory = new Uint8Array(exports.memory.buffer)
  }

  /** Uses `SEED` and `PACKED`. */
  hash(name: HashName, ...parts: readonly Uint8Array[]): Uint8Array {
    const { length, ...plan } = HASHES[name]
    hashParts(this, plan, parts, SEED, length)
    return this.memory.slice(SEED, SEED + length)
  }

  /** Makes the matrix of a seed, which is known to all, unless it is there. */
  expandMatrix(seed: Uint8Array, { rows }: ParameterSet): void {
    this.#matrix.have(seed, rows, () => {
      this.memory.set(seed, SEED)
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < rows; column++) {
          this.run.sampleUniform(entryAddress(row, column, rows), column, row)
        }
      }
    })
  }

  /** Reads polynomials one after the other. */
  unpack(polynomials: readonly number[], bytes: Uint8Array, bits: number, isCompressed: boolean): void {
    const length = packedBytes(bits)
    for (const [i, polynomial] of polynomials.entries()) {
      this.memory.set(bytes.subarray(i * length, (i + 1) * length), PACKED)
      this.run[isCompressed ? 'decompress' : 'unpack'](polynomial, PACKED, bits)
    }
  }

  /** Writes polynomials, between 0 and q, one after the other. */
  pack(polynomials: readonly number[], into: Uint8Array, bits: number): void {
    const length = packedBytes(bits)
    for (const [i, polynomial] of polynomials.entries()) {
      this.run.pack(PACKED, polynomial, bits)
      into.set(this.memory.subarray(PACKED, PACKED + length), i * length)
    }
  }
}

export function entryAddress(row: number, column: number, rows: number): number {
  return MATRIX + (row * rows + column) * POLYNOMIAL_BYTES
}

/** Where each polynomial of a vector stands. */
export function polynomialsOf(vector: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => vector + i * POLYNOMIAL_BYTES)
}
