/** The kernel's module. */

import { type Callable, type Expression, ModuleBuilder, type Statement, i16x8, i32, i64 } from '../assembler.ts'
import type { Exported } from '../exported.ts'
import { type SpongeFunctions, defineSponge } from '../keccak/sponge.ts'
import { type TransformFunctions, defineTransform } from '../lattice/transform.ts'
import {
  CIPHERTEXT,
  EXPECTED,
  INVERSE_ZETAS,
  PAGES,
  POLYNOMIAL_BYTES,
  ROUND_CONSTANTS,
  SECRETS_END,
  SPONGE,
  ZETAS,
} from './layout.ts'
import { MODULUS, RADIX, ROOT, encodeFactor, multiplyConstant, reduce } from './modular.ts'
import { type PackingFunctions, definePacking } from './packing.ts'
import { type PolynomialFunctions, definePolynomials } from './polynomials.ts'
import { type SamplingFunctions, defineSampling } from './sampling.ts'

interface OtherFunctions {
  /** Puts a second 32 bytes in place of the first unless as many bytes of both ciphertexts are the same. */
  readonly replaceUnlessSame: Callable<readonly ['i32', 'i32', 'i32'], Statement>
  /** Whether all coefficients of a polynomial are below q, as they were unpacked. */
  readonly isReduced: Callable<readonly ['i32'], Expression<'i32'>>
  /** Overwrites all that depends on what was computed, but the matrix. */
  readonly zeroize: Callable<readonly [], Statement>
}

/** What the module exports. */
export interface MlKemExports extends Exported<
  Omit<SpongeFunctions, 'permute'> &
    SamplingFunctions &
    TransformFunctions &
    PolynomialFunctions &
    PackingFunctions &
    OtherFunctions
> {
  readonly memory: { readonly buffer: ArrayBuffer }
}

export function assembleMlKem(): Uint8Array {
  const module = new ModuleBuilder({ pages: PAGES })
  const { permute, ...sponge } = defineSponge(module, { constants: ROUND_CONSTANTS, sponge: SPONGE })
  const functions = {
    ...sponge,
    ...definePacking(module),
    ...defineSampling(module, { permute, ...sponge }),
    ...defineTransform(module, {
      arithmetic: {
        modulus: BigInt(MODULUS),
        root: ROOT,
        encodeFactor,
        add: i16x8.add,
        subtract: i16x8.sub,
        multiply: multiplyConstant,
        // Three levels double sums to 8 q, which just fits.
        settled: [4, 1],
        settle: reduce,
      },
      polynomialBytes: POLYNOMIAL_BYTES,
      levels: 7,
      radix: RADIX,
      factors: ZETAS,
      inverseFactors: INVERSE_ZETAS,
    }),
    ...definePolynomials(module),
    replaceUnlessSame: defineReplaceUnlessSame(module),
    isReduced: module.function(['i32'], 'i32', (f, polynomial) => {
      const [at, most] = [f.let(polynomial), f.local('i32')]
      f.while(i32.ltU(at, i32.add(polynomial, POLYNOMIAL_BYTES)), () => {
        // A difference from q - 1 that is negative leaves its sign.
        f.set(most, i32.or(most, i32.sub(MODULUS - 1, i32.load16U(at))))
        f.set(at, i32.add(at, 2))
      })
      return i32.eqz(i32.shrU(most, 31))
    }),
    zeroize: module.procedure([], (f) => f.fill(SPONGE, 0, SECRETS_END - SPONGE)),
  }
  for (const [name, callable] of Object.entries(functions)) module.export(name, callable)
  return module.encode()
}

/** Every byte is looked at, and which of the two is left is settled without a branch. */
function defineReplaceUnlessSame(module: ModuleBuilder): Callable<readonly ['i32', 'i32', 'i32'], Statement> {
  return module.procedure(['i32', 'i32', 'i32'], (f, secret, other, length) => {
    const [at, difference] = [f.local('i32'), f.local('i64')]
    // Ciphertexts are whole words long.
    f.while(i32.ltU(at, length), () => {
      f.set(difference, i64.or(difference, i64.xor(i64.load(at, CIPHERTEXT), i64.load(at, EXPECTED))))
      f.set(at, i32.add(at, 8))
    })
    // All ones where any bit is set.
    const mask = f.let(i64.shrS(i64.or(difference, i64.sub(0n, difference)), 63n))
    for (let word = 0; word < 32; word += 8) {
      const kept = i64.load(secret, word)
      const replaced = i64.and(i64.xor(kept, i64.load(other, word)), mask)
      f.emit(i64.store(secret, word, i64.xor(kept, replaced)))
    }
  })
}
