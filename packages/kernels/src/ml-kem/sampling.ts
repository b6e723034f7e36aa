/** Polynomials out of the sponge: uniform ones and noise. @spec FIPS 203 §4.2.2 (algorithms 7, 8) */

import { type Callable, type Expression, type ModuleBuilder, type Statement, i32 } from '../assembler.ts'
import { SHAKE128_RATE, SHAKE256_RATE, SHAKE_SUFFIX, type SpongeFunctions } from '../keccak/sponge.ts'
import { PACKED, POLYNOMIAL_BYTES, SEED, SPONGE } from './layout.ts'
import { MODULUS } from './modular.ts'

const COEFFICIENT_BYTES = 2
const PAIR_BYTES = 3
/** Behind a seed of 32 bytes, the numbers that tell what is made of it. */
const NUMBERS: number = SEED + 32

export interface SamplingFunctions {
  /** An entry of the matrix: out, and two numbers that follow the seed at `SEED`. In variable time. */
  readonly sampleUniform: Callable<readonly ['i32', 'i32', 'i32'], Statement>
  /** Noise: out, the number that follows the seed at `SEED`, η. */
  readonly sampleNoise: Callable<readonly ['i32', 'i32', 'i32'], Statement>
}

export function defineSampling(
  module: ModuleBuilder,
  { permute, begin, absorb, turn, squeeze }: SpongeFunctions,
): SamplingFunctions {
  const sampleUniform = module.procedure(['i32', 'i32', 'i32'], (f, out, first, second) => {
    f.emit(
      i32.store8(NUMBERS, 0, first),
      i32.store8(NUMBERS + 1, 0, second),
      begin.call(SHAKE128_RATE),
      absorb.call(SEED, 34),
      turn.call(SHAKE_SUFFIX),
    )
    const [end, at, pair, value] = [
      f.let(i32.add(out, POLYNOMIAL_BYTES)),
      f.local('i32'),
      f.local('i32'),
      f.local('i32'),
    ]
    const take = (candidate: Expression<'i32'>): void => {
      f.set(value, candidate)
      f.if(i32.ltU(out, end), () => {
        f.emit(i32.store16(out, 0, value))
        f.set(out, i32.add(out, i32.mul(i32.ltU(value, MODULUS), COEFFICIENT_BYTES)))
      })
    }
    f.while(i32.ltU(out, end), () => {
      f.if(i32.eq(at, SHAKE128_RATE), () => {
        f.emit(permute.call())
        f.set(at, 0)
      })
      f.set(pair, i32.load(at, SPONGE))
      take(i32.and(pair, 0xfff))
      take(i32.and(i32.shrU(pair, 12), 0xfff))
      f.set(at, i32.add(at, PAIR_BYTES))
    })
  })

  const sampleNoise = module.procedure(['i32', 'i32', 'i32'], (f, out, number, eta) => {
    f.emit(
      i32.store8(NUMBERS, 0, number),
      begin.call(SHAKE256_RATE),
      absorb.call(SEED, 33),
      turn.call(SHAKE_SUFFIX),
      squeeze.call(PACKED, i32.shl(eta, 6)),
    )
    const mask = f.let(i32.sub(i32.shl(1, eta), 1))
    const [bit, end] = [f.local('i32'), f.let(i32.add(out, POLYNOMIAL_BYTES))]
    const countOnes = (bits: Expression<'i32'>): Expression<'i32'> => {
      const given = f.let(bits)
      return i32.add(i32.add(i32.and(given, 1), i32.and(i32.shrU(given, 1), 1)), i32.shrU(given, 2))
    }
    f.while(i32.ltU(out, end), () => {
      const word = i32.shrU(i32.load(i32.shrU(bit, 3), PACKED), i32.and(bit, 7))
      const bits = f.let(word)
      const ones = countOnes(i32.and(bits, mask))
      const others = countOnes(i32.and(i32.shrU(bits, eta), mask))
      f.emit(i32.store16(out, 0, i32.sub(ones, others)))
      f.set(bit, i32.add(bit, i32.shl(eta, 1)))
      f.set(out, i32.add(out, COEFFICIENT_BYTES))
    })
  })
  return { sampleUniform, sampleNoise }
}
