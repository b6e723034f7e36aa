/** What this runtime can do, found by trying it. */

import { ModuleBuilder, f64x2, i64x2, i8x16, v128 } from './assembler.ts'
import { instantiate, validate } from './host.ts'

/** Whether there is relaxed SIMD: instructions that leave cases open which our programs do not come to. */
export function hasRelaxedSimd(): boolean {
  const module = new ModuleBuilder({ pages: 1 })
  module.procedure([], (f) => f.emit(v128.store(0, 0, i8x16.relaxedSwizzle(v128.load(0), v128.load(0)))))
  return validate(module.encode())
}

/**
 * Whether relaxed multiply-add rounds once, as it does where the processor has an instruction for it. Found by a square
 * whose lowest bit is lost in rounding: what is left of it when all the rest is taken away tells.
 *
 * @throws Error where not even fixed-width SIMD can be compiled
 */
export async function fusesMultiplyAdd(): Promise<boolean> {
  if (!hasRelaxedSimd()) return false
  const module = new ModuleBuilder({ pages: 1 })
  // Read from memory, so that no compiler computes it.
  module.data(0, [...new Uint8Array(Float64Array.of(2 ** 27 + 1, -(2 ** 54 + 2 ** 28)).buffer)])
  module.export(
    'run',
    module.function([], 'i64', () => {
      const factor = v128.load64Splat(0)
      return i64x2.extractLane(0, f64x2.relaxedMadd(factor, factor, v128.load64Splat(8)))
    }),
  )
  const { run } = (await instantiate(module.encode())) as { readonly run: () => bigint }
  return run() === new BigInt64Array(Float64Array.of(1).buffer)[0]
}
