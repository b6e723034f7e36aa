/** The kernel's module. */

import { ModuleBuilder } from '../assembler.ts'
import { BASE_X, BASE_Y, CURVE_D, MODULUS, defineEncoding, encodeAffine } from './encoding.ts'
import { defineField, encodeElement } from './field.ts'
import { defineFillOdd, defineFillTables, defineMultiplyBase } from './fixed-base.ts'
import { BASE, D, ENCODED, ONE, PAGES, RESULT, ROOT_OF_MINUS_ONE, SECRETS_END, TWO_D } from './layout.ts'
import { definePoints } from './points.ts'
import { definePowers } from './powers.ts'
import { defineScalars } from './scalars.ts'
import { defineVerify } from './verify.ts'

/** What the module exports. */
export interface Edwards25519Exports {
  readonly memory: { readonly buffer: ArrayBuffer }
  /** Fills the tables of the base point. Everything but scalars needs them. */
  fillTables(): void
  /** Writes the multiple of the base point by `SCALAR`, which is below 2^255, to `ENCODED`. */
  multiplyBase(): void
  /** Reduces the 64 bytes of `SCALAR` to 32. */
  reduce(): void
  /** Computes `SCALAR` times `FACTOR` and `ADDEND` to `SCALAR`. */
  multiplyAdd(): void
  /** Whether the key in `FACTOR`, the point in `ENCODED_COMMITMENT` and both kinds of digits fulfil the equation. */
  verify(): number
  /** Overwrites all but constants and tables. */
  zeroize(): void
}

export function assembleEdwards25519(): Uint8Array {
  const module = new ModuleBuilder({ pages: PAGES })
  module.data(D, encodeElement(CURVE_D))
  module.data(TWO_D, encodeElement((2n * CURVE_D) % MODULUS))
  module.data(ROOT_OF_MINUS_ONE, encodeElement(ROOT))
  module.data(ONE, encodeElement(1n))
  module.data(BASE, encodeAffine(BASE_X, BASE_Y))

  const field = defineField(module)
  const encoding = defineEncoding(module, field, definePowers(module, field))
  const points = definePoints(module, field, encoding)
  const fillOdd = defineFillOdd(module, points)
  const multiplyBase = defineMultiplyBase(module, points)
  const scalars = defineScalars(module)

  module.export('fillTables', defineFillTables(module, points, fillOdd))
  module.export(
    'multiplyBase',
    module.procedure([], (f) => f.emit(multiplyBase.call(), encoding.encodePoint.call(RESULT, ENCODED))),
  )
  module.export('reduce', scalars.reduce)
  module.export('multiplyAdd', scalars.multiplyAdd)
  module.export('verify', defineVerify(module, points, encoding, fillOdd))
  module.export(
    'zeroize',
    module.procedure([], (f) => f.fill(RESULT, 0, SECRETS_END - RESULT)),
  )
  return module.encode()
}

/** Of -1: 2 to the power of (p - 1)/4. */
const ROOT = 19681161376707505956807079304988542015446066515923890162744021073123829784752n
