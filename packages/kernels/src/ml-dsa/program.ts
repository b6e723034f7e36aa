/** The kernel's module. */

import { type Callable, ModuleBuilder, type Statement, i32x4 } from '../assembler.ts'
import type { Exported } from '../exported.ts'
import { type SpongeFunctions, defineSponge } from '../keccak/sponge.ts'
import { type TransformFunctions, defineTransform } from '../lattice/transform.ts'
import { INVERSE_ZETAS, PAGES, POLYNOMIAL_BYTES, ROUND_CONSTANTS, SECRETS_END, SPONGE, ZETAS } from './layout.ts'
import { MODULUS, RADIX, ROOT, encodeFactor, multiplyConstant } from './modular.ts'
import { type PackingFunctions, definePacking } from './packing.ts'
import { type PolynomialFunctions, definePolynomials } from './polynomials.ts'
import { type RoundingFunctions, definePower2Round, defineRounding } from './rounding.ts'
import { type SamplingFunctions, defineSampling } from './sampling.ts'

interface OtherFunctions {
  readonly power2Round: Callable<readonly ['i32', 'i32', 'i32'], Statement>
  /** Overwrites all that depends on what was computed, but the matrix. */
  readonly zeroize: Callable<readonly [], Statement>
}

type RoundingExports = {
  readonly [Name in keyof RoundingFunctions as `${Name}Coarse` | `${Name}Fine`]: RoundingFunctions[Name]
}

/** What the module exports. */
export interface MlDsaExports extends Exported<
  Omit<SpongeFunctions, 'permute'> &
    SamplingFunctions &
    TransformFunctions &
    PolynomialFunctions &
    PackingFunctions &
    RoundingExports &
    OtherFunctions
> {
  readonly memory: { readonly buffer: ArrayBuffer }
}

export function assembleMlDsa(): Uint8Array {
  const module = new ModuleBuilder({ pages: PAGES })
  const { permute, ...sponge } = defineSponge(module, { constants: ROUND_CONSTANTS, sponge: SPONGE })
  const packing = definePacking(module)
  const coarse = defineRounding(module, 'coarse')
  const fine = defineRounding(module, 'fine')
  const functions = {
    ...sponge,
    ...packing,
    ...defineSampling(module, { permute, ...sponge }, packing),
    ...defineTransform(module, {
      arithmetic: {
        modulus: BigInt(MODULUS),
        root: ROOT,
        encodeFactor,
        add: i32x4.add,
        subtract: i32x4.sub,
        multiply: multiplyConstant,
        // Eight levels double sums to 256 q, which just fits.
        settled: [],
        settle: (_, value) => value,
      },
      polynomialBytes: POLYNOMIAL_BYTES,
      levels: 8,
      radix: RADIX,
      factors: ZETAS,
      inverseFactors: INVERSE_ZETAS,
    }),
    ...definePolynomials(module),
    decomposeCoarse: coarse.decompose,
    decomposeFine: fine.decompose,
    makeHintCoarse: coarse.makeHint,
    makeHintFine: fine.makeHint,
    useHintCoarse: coarse.useHint,
    useHintFine: fine.useHint,
    power2Round: definePower2Round(module),
    zeroize: module.procedure([], (f) => f.fill(SPONGE, 0, SECRETS_END - SPONGE)),
  }
  for (const [name, callable] of Object.entries(functions)) module.export(name, callable)
  return module.encode()
}
