/** What programs are written with. */

export type { Expression, Operand, Statement, ValueType } from './assembler/expression.ts'
export type { FunctionBuilder, Local } from './assembler/function.ts'
export { i32, i64 } from './assembler/integer.ts'
export { type Callable, ModuleBuilder } from './assembler/module.ts'
export { f64x2, i16x8, i32x4, i64x2, i8x16, v128 } from './assembler/vector.ts'
