/** Polynomials out of the sponge: uniform ones, small ones, masks and challenges. @spec FIPS 204 §7.3 */

import {
  type Callable,
  type Expression,
  type FunctionBuilder,
  type ModuleBuilder,
  type Operand,
  type Statement,
  i32,
  i64,
} from '../assembler.ts'
import { SHAKE128_RATE, SHAKE256_RATE, SHAKE_SUFFIX, type SpongeFunctions, STATE_BYTES } from '../keccak/sponge.ts'
import { COEFFICIENTS, PACKED, POLYNOMIAL_BYTES, SPONGE } from './layout.ts'
import { MODULUS } from './modular.ts'
import type { PackingFunctions } from './packing.ts'

const LANE_BYTES = 8
const COEFFICIENT_BYTES = 4
const UNIFORM_BYTES = 3
const UNIFORM_MASK = 0x7f_ffff
const SIGN_BYTES = 8

export interface SamplingFunctions {
  /** An entry of the matrix: out, seed of 32 bytes, column and row as a number of 16 bits. In variable time. */
  readonly sampleUniform: Callable<readonly ['i32', 'i32', 'i32'], Statement>
  /** A secret: out, seed of 64 bytes, number, η. How much of the sponge is passed over shows. */
  readonly sampleSmall: Callable<readonly ['i32', 'i32', 'i32', 'i32'], Statement>
  /** A mask: out, seed of 64 bytes, number, the bits of γ1. */
  readonly sampleMask: Callable<readonly ['i32', 'i32', 'i32', 'i32'], Statement>
  /** A challenge: out, seed, its length, τ. In variable time. */
  readonly sampleChallenge: Callable<readonly ['i32', 'i32', 'i32', 'i32'], Statement>
}

export function defineSampling(
  module: ModuleBuilder,
  { permute, begin, absorb, turn, squeeze }: SpongeFunctions,
  { unpack }: PackingFunctions,
): SamplingFunctions {
  const sampleUniform = module.procedure(['i32', 'i32', 'i32'], (f, out, seed, number) => {
    fillSponge(f, seed, 32, number, SHAKE128_RATE)
    const [end, at, value] = [f.let(i32.add(out, POLYNOMIAL_BYTES)), f.local('i32'), f.local('i32')]
    f.while(i32.ltU(out, end), () => {
      f.emit(permute.call())
      f.set(at, 0)
      f.while(i32.and(i32.ltU(at, SHAKE128_RATE), i32.ltU(out, end)), () => {
        f.set(value, i32.and(i32.load(at, SPONGE), UNIFORM_MASK))
        f.emit(i32.store(out, 0, value))
        f.set(out, i32.add(out, i32.shl(i32.ltU(value, MODULUS), 2)))
        f.set(at, i32.add(at, UNIFORM_BYTES))
      })
    })
  })

  const sampleSmall = module.procedure(['i32', 'i32', 'i32', 'i32'], (f, out, seed, number, eta) => {
    fillSponge(f, seed, 64, number, SHAKE256_RATE)
    const limit = f.let(i32.add(9, i32.mul(i32.eq(eta, 2), 6)))
    const [end, nibble, value] = [f.let(i32.add(out, POLYNOMIAL_BYTES)), f.local('i32'), f.local('i32')]
    f.while(i32.ltU(out, end), () => {
      f.emit(permute.call())
      f.set(nibble, 0)
      f.while(i32.and(i32.ltU(nibble, 2 * SHAKE256_RATE), i32.ltU(out, end)), () => {
        const byte = i32.load8U(i32.shrU(nibble, 1), SPONGE)
        f.set(value, i32.and(i32.shrU(byte, i32.shl(i32.and(nibble, 1), 2)), 15))
        // Modulo 5 where η is 2. There are no multiples of it below 9 to take away elsewhere: the factor is zero.
        const fives = i32.mul(i32.shrU(i32.mul(value, 205), 10), i32.mul(i32.eq(eta, 2), 5))
        f.emit(i32.store(out, 0, i32.sub(eta, i32.sub(value, fives))))
        f.set(out, i32.add(out, i32.shl(i32.ltU(value, limit), 2)))
        f.set(nibble, i32.add(nibble, 1))
      })
    })
  })

  const sampleMask = module.procedure(['i32', 'i32', 'i32', 'i32'], (f, out, seed, number, bits) => {
    fillSponge(f, seed, 64, number, SHAKE256_RATE)
    f.emit(
      permute.call(),
      i32.store(SPONGE + STATE_BYTES, 0, SHAKE256_RATE),
      i32.store(SPONGE + STATE_BYTES, 4, 0),
      squeeze.call(PACKED, i32.mul(i32.add(bits, 1), COEFFICIENTS / 8)),
      unpack.call(out, PACKED, i32.add(bits, 1), i32.shl(1, bits)),
    )
  })

  const sampleChallenge = module.procedure(['i32', 'i32', 'i32', 'i32'], (f, out, seed, length, tau) => {
    f.emit(begin.call(SHAKE256_RATE), absorb.call(seed, length), turn.call(SHAKE_SUFFIX))
    f.fill(out, 0, POLYNOMIAL_BYTES)
    const signs = f.let(i64.load(SPONGE))
    const [at, other] = [f.let(i32.const(SIGN_BYTES)), f.local('i32')]
    const place = (index: Expression<'i32'>): Expression<'i32'> => i32.add(out, i32.mul(index, COEFFICIENT_BYTES))
    const index = f.let(i32.sub(COEFFICIENTS, tau))
    f.while(i32.ltU(index, COEFFICIENTS), () => {
      f.loop((again) => {
        f.if(i32.eq(at, SHAKE256_RATE), () => {
          f.emit(permute.call())
          f.set(at, 0)
        })
        f.set(other, i32.load8U(at, SPONGE))
        f.set(at, i32.add(at, 1))
        f.branchIf(i32.gtU(other, index), again)
      })
      const sign = i32.sub(1, i32.shl(i32.and(i32.wrap(signs), 1), 1))
      f.emit(i32.store(place(index), 0, i32.load(place(other))), i32.store(place(other), 0, sign))
      f.set(signs, i64.shrU(signs, 1n))
      f.set(index, i32.add(index, 1))
    })
  })

  return { sampleUniform, sampleSmall, sampleMask, sampleChallenge }
}

/** Puts a seed, a number of 16 bits and the padding into the sponge, which is to be permuted next. */
function fillSponge(
  f: FunctionBuilder,
  seed: Expression<'i32'>,
  seedBytes: number,
  number: Operand<'i32'>,
  rate: number,
): void {
  f.fill(SPONGE, 0, STATE_BYTES)
  for (let at = 0; at < seedBytes; at += LANE_BYTES) f.emit(i64.store(SPONGE + at, 0, i64.load(seed, at)))
  f.emit(i32.store(SPONGE + seedBytes, 0, i32.or(number, SHAKE_SUFFIX << 16)), i32.store8(SPONGE + rate - 1, 0, 0x80))
}
