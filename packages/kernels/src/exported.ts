/** The functions of a module as they are seen from outside. */

import type { Callable, Expression, ValueType } from './assembler.ts'

/** Each function with addresses and numbers for arguments, as its definition has them. */
export type Exported<Functions> = {
  readonly [Name in keyof Functions]: Functions[Name] extends Callable<infer Parameters, infer Result>
    ? (...args: NumbersOf<Parameters>) => Result extends Expression<ValueType> ? number : void
    : never
}

type NumbersOf<Parameters extends readonly ValueType[]> = { readonly [I in keyof Parameters]: number }
