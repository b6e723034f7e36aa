/** The kernel's memory and functions as the three algorithms use them. */

import { type HashPlan, hashParts } from '../keccak/hash.ts'
import { SHAKE256_RATE, SHAKE_SUFFIX } from '../keccak/sponge.ts'
import { KeptMatrix } from '../lattice/kept-matrix.ts'
import { MATRIX, PACKED, POLYNOMIAL_BYTES, SECRETS_END, SEED } from './layout.ts'
import { type ParameterSet } from './parameters.ts'
import type { MlDsaExports } from './program.ts'

const SHAKE256: HashPlan = {
  rate: SHAKE256_RATE,
  suffix: SHAKE_SUFFIX,
  buffer: PACKED,
  bufferBytes: SECRETS_END - PACKED,
}

export class Machine {
  readonly run: MlDsaExports
  readonly memory: Uint8Array
  /** The memory, as coefficients. */
  readonly coefficients: Int32Array
  readonly #matrix = new KeptMatrix()

  constructor(exports: MlDsaExports) {
    this.run = exports
    this.memory = new Uint8Array(exports.memory.buffer)
    this.coefficients = new Int32Array(exports.memory.buffer)
  }

  read(address: number, length: number): Uint8Array {
    return this.memory.slice(address, address + length)
  }

  /** SHAKE256 of several parts, to an address, which may be within `SEED`. Uses `PACKED`. */
  hash(parts: readonly Uint8Array[], to: number, length: number): void {
    hashParts(this, SHAKE256, parts, to, length)
  }

  /** Makes the matrix of a seed, which is known to all, unless it is there. @spec FIPS 204 §7.3 (algorithm 32) */
  expandMatrix(seed: Uint8Array, { rows, columns }: ParameterSet): void {
    this.#matrix.have(seed, rows, () => {
      this.memory.set(seed, SEED)
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          this.run.sampleUniform(rowAddress(row, columns) + column * POLYNOMIAL_BYTES, SEED, column | (row << 8))
        }
      }
    })
  }
}

export function rowAddress(row: number, columns: number): number {
  return MATRIX + row * columns * POLYNOMIAL_BYTES
}

/** Where each polynomial of a vector stands. */
export function polynomialsOf(vector: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => vector + i * POLYNOMIAL_BYTES)
}
