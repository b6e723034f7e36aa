/** The two powers that encoding wants: the inverse, and the one of which square roots are made. */

import type { Callable, ModuleBuilder, Statement } from '../assembler.ts'
import type { FieldFunctions } from './field.ts'
import { TEMPORARY } from './layout.ts'

type OnElement = Callable<readonly ['i32', 'i32'], Statement>

export interface PowerFunctions {
  /** To the power of p - 2: the inverse, or zero of zero. Out and a, which may be the same. */
  readonly invert: OnElement
  /** To the power of (p - 5)/8, which is 2^252 - 3. Out and a, which may be the same. */
  readonly raise: OnElement
}

export function definePowers(module: ModuleBuilder, { multiply, square }: FieldFunctions): PowerFunctions {
  const [base, eleven, run, longRun] = TEMPORARY.slice(4) as unknown as readonly [number, number, number, number]

  /** Leaves a^11 in `eleven`, and a^(2^250 - 1) in `run`. */
  const climb = module.procedure(['i32'], (f, a) => {
    const lengthen = (to: number, from: number, doublings: number, other: number): void =>
      f.emit(square.call(base, from, doublings), multiply.call(to, base, other))
    f.emit(
      square.call(base, a, 1),
      square.call(run, base, 2),
      multiply.call(run, run, a),
      multiply.call(eleven, run, base),
      square.call(base, eleven, 1),
      multiply.call(run, base, run),
    )
    // How many ones the exponent has: 5 become 10, then 20, 40, 50, 100, 200 and 250.
    lengthen(run, run, 5, run)
    lengthen(longRun, run, 10, run)
    lengthen(longRun, longRun, 20, longRun)
    lengthen(run, longRun, 10, run)
    lengthen(longRun, run, 50, run)
    lengthen(longRun, longRun, 100, longRun)
    lengthen(run, longRun, 50, run)
  })
  const invert = module.procedure(['i32', 'i32'], (f, out, a) => {
    f.emit(climb.call(a), square.call(run, run, 5), multiply.call(out, run, eleven))
  })
  const raise = module.procedure(['i32', 'i32'], (f, out, a) => {
    f.emit(climb.call(a), square.call(run, run, 2), multiply.call(out, run, a))
  })
  return { invert, raise }
}
