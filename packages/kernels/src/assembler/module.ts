/**
 * A module: functions over one memory, and the bytes that WebAssembly reads.
 *
 * @spec WebAssembly Core 2.0 §5.5
 */

import {
  type Code,
  type Expression,
  type Operand,
  type Statement,
  TYPE_CODES,
  type ValueType,
  flattenCode,
} from './expression.ts'
import { FunctionBuilder, type Local, type LocalsOf } from './function.ts'
import { placeOperand } from './instruction.ts'
import { encodeUnsigned } from './leb128.ts'

export interface MemoryOptions {
  /** Of 64 KiB; the memory never grows. */
  readonly pages: number
  /** Takes the memory from the imports under these two names, instead of having one of its own. */
  readonly importedAs?: readonly [module: string, name: string]
}

type OperandsOf<Types extends readonly ValueType[]> = { readonly [I in keyof Types]: Operand<Types[I]> }

/** A function of the module, to be called from those that come after it. */
export interface Callable<Parameters extends readonly ValueType[], Result> {
  readonly index: number
  /** An instruction that calls it. */
  readonly call: (...operands: OperandsOf<Parameters>) => Result
}

interface Entry {
  readonly parameters: readonly ValueType[]
  readonly result: ValueType | undefined
  readonly body: Code
}

const MAGIC_AND_VERSION = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
const SECTION = { type: 1, import: 2, function: 3, memory: 5, export: 7, code: 10, data: 11 } as const
const FUNCTION_TYPE = 0x60
const EXPORTED_FUNCTION = 0x00
const MEMORY = 0x02
const CALL = 0x10
const END = 0x0b
/** A memory with a maximum. */
const LIMITED = 0x01

export class ModuleBuilder {
  readonly #memory: MemoryOptions
  readonly #entries: Entry[] = []
  readonly #exports: { readonly name: string; readonly index: number }[] = []
  readonly #data: { readonly offset: number; readonly bytes: ArrayLike<number> }[] = []

  /** The memory is exported as `memory`, whether it is the module's own or imported. */
  constructor(memory: MemoryOptions) {
    this.#memory = memory
  }

  /** Bytes that the memory begins with. */
  data(offset: number, bytes: ArrayLike<number>): void {
    this.#data.push({ offset, bytes })
  }

  /** Shows a function to whoever instantiates the module. */
  export(name: string, { index }: { readonly index: number }): void {
    this.#exports.push({ name, index })
  }

  /** A function without a result. */
  procedure<const Parameters extends readonly ValueType[]>(
    parameters: Parameters,
    define: (f: FunctionBuilder, ...parameters: LocalsOf<Parameters>) => void,
  ): Callable<Parameters, Statement> {
    const index = this.#add(parameters, undefined, (f, locals) => {
      define(f, ...(locals as unknown as LocalsOf<Parameters>))
      return undefined
    })
    return { index, call: (...operands) => ({ type: 'none', code: callOf(index, operands) }) }
  }

  /** A function whose result is what `define` returns. */
  function<const Parameters extends readonly ValueType[], Result extends ValueType>(
    parameters: Parameters,
    result: Result,
    define: (f: FunctionBuilder, ...parameters: LocalsOf<Parameters>) => Operand<Result>,
  ): Callable<Parameters, Expression<Result>> {
    const index = this.#add(parameters, result, (f, locals) =>
      define(f, ...(locals as unknown as LocalsOf<Parameters>)),
    )
    return { index, call: (...operands) => ({ type: result, code: callOf(index, operands) }) }
  }

  encode(): Uint8Array {
    const types = this.#entries.map(({ parameters, result }) => [
      FUNCTION_TYPE,
      vector(parameters.map((type) => TYPE_CODES[type])),
      vector(result === undefined ? [] : [TYPE_CODES[result]]),
    ])
    const { pages, importedAs } = this.#memory
    const limits = [LIMITED, encodeUnsigned(pages), encodeUnsigned(pages)]
    const imported = importedAs === undefined ? [] : [[importedAs.map(encodeName), MEMORY, limits]]
    const exported = this.#exports.map(({ name, index }) => [
      encodeName(name),
      EXPORTED_FUNCTION,
      encodeUnsigned(index),
    ])
    const module: Code = [
      MAGIC_AND_VERSION,
      section(SECTION.type, types),
      section(SECTION.import, imported),
      section(
        SECTION.function,
        this.#entries.map((_, index) => encodeUnsigned(index)),
      ),
      section(SECTION.memory, importedAs === undefined ? [limits] : []),
      section(SECTION.export, [[encodeName('memory'), MEMORY, 0], ...exported]),
      section(
        SECTION.code,
        this.#entries.map(({ body }) => body),
      ),
      section(SECTION.data, this.#data.map(encodeData)),
    ]
    return flattenCode(module)
  }

  #add(
    parameters: readonly ValueType[],
    result: ValueType | undefined,
    define: (f: FunctionBuilder, locals: readonly Local<ValueType>[]) => Operand<ValueType> | undefined,
  ): number {
    const f = new FunctionBuilder(parameters)
    const value = define(
      f,
      parameters.map((type, index) => f.parameter(index, type)),
    )
    this.#entries.push({ parameters, result, body: f.encode(value) })
    return this.#entries.length - 1
  }
}

function callOf(index: number, operands: readonly Operand<ValueType>[]): Code {
  return [operands.map(placeOperand), CALL, encodeUnsigned(index)]
}

function vector(items: Code): Code {
  return [encodeUnsigned(items.length), items]
}

function section(id: number, items: Code): Code {
  if (items.length === 0) return []
  const content = flattenCode(vector(items))
  return [id, encodeUnsigned(content.length), content]
}

function encodeName(name: string): Code {
  return vector(Array.from(name, (character) => character.charCodeAt(0)))
}

function encodeData({ offset, bytes }: { offset: number; bytes: ArrayLike<number> }): Code {
  // Memory 0, and where the bytes go: a constant and its end.
  return [0, placeOperand<'i32'>(offset), END, vector(Array.from(bytes))]
}
