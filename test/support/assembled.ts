/** Modules of the assembler, instantiated at once. */

import type { Callable, Expression, FunctionBuilder, ValueType } from '../../packages/kernels/src/assembler.ts'
import { ModuleBuilder } from '../../packages/kernels/src/assembler.ts'
import type { LocalsOf } from '../../packages/kernels/src/assembler/function.ts'

export type Exports = Readonly<Record<string, (...args: (number | bigint)[]) => number | bigint | undefined>> & {
  readonly memory: WebAssembly.Memory
}

/** @throws Error when the module is not valid WebAssembly */
export function load(module: ModuleBuilder, imports: WebAssembly.Imports = {}): Exports {
  const bytes = Uint8Array.from(module.encode())
  if (!WebAssembly.validate(bytes)) throw new Error('not a valid module')
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports as unknown as Exports
}

/** A module of one page with one function, `run`. */
export function loadFunction<const Parameters extends readonly ValueType[], Result extends 'i32' | 'i64'>(
  parameters: Parameters,
  result: Result,
  define: (f: FunctionBuilder, ...parameters: LocalsOf<Parameters>) => Expression<Result>,
): Exports {
  const module = new ModuleBuilder({ pages: 1 })
  const run: Callable<Parameters, Expression<Result>> = module.function(parameters, result, define)
  module.export('run', run)
  return load(module)
}
