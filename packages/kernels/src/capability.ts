/** What this runtime can do, found by trying it. */

import { ModuleBuilder, i8x16, v128 } from './assembler.ts'
import { validate } from './host.ts'

/** Whether there is relaxed SIMD: instructions that leave cases open which our programs do not come to. */
export function hasRelaxedSimd(): boolean {
  const module = new ModuleBuilder({ pages: 1 })
  module.procedure([], (f) => f.emit(v128.store(0, 0, i8x16.relaxedSwizzle(v128.load(0), v128.load(0)))))
  return validate(module.encode())
}
