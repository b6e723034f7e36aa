/** The body of one function, statement by statement. */

import {
  type Code,
  type Expression,
  type Operand,
  type Statement,
  TYPE_CODES,
  type ValueType,
  flattenCode,
} from './expression.ts'
import { placeOperand } from './instruction.ts'
import { encodeUnsigned } from './leb128.ts'

/** A variable: reading it is an expression of its value at that point. */
export interface Local<T extends ValueType> extends Expression<T> {
  readonly index: number
}

export type LocalsOf<Types extends readonly ValueType[]> = { readonly [I in keyof Types]: Local<Types[I]> }

/** So many of a kind, where the number is known. */
type Tuple<Item, Count extends number, Items extends Item[] = []> = number extends Count
  ? Item[]
  : Items['length'] extends Count
    ? Items
    : Tuple<Item, Count, [...Items, Item]>

/** A place that can be branched to. */
export interface Label {
  readonly depth: number
}

const BLOCK = 0x02
const LOOP = 0x03
const IF = 0x04
const ELSE = 0x05
const END = 0x0b
const BRANCH = 0x0c
const BRANCH_IF = 0x0d
const LOCAL_GET = 0x20
const LOCAL_SET = 0x21
const MEMORY_FILL: Code = [0xfc, 0x0b, 0]
/** A block that leaves nothing on the stack. */
const NOTHING = 0x40

export class FunctionBuilder {
  readonly #types: ValueType[]
  readonly #parameterCount: number
  readonly #code: Code[] = []
  #depth = 0

  constructor(parameters: readonly ValueType[]) {
    this.#types = [...parameters]
    this.#parameterCount = parameters.length
  }

  parameter<T extends ValueType>(index: number, type: T): Local<T> {
    return localOf(index, type)
  }

  /** Declares a variable, which is zero until it is set. */
  local<T extends ValueType>(type: T): Local<T> {
    this.#types.push(type)
    return localOf(this.#types.length - 1, type)
  }

  locals<T extends ValueType, const Count extends number>(type: T, count: Count): Tuple<Local<T>, Count> {
    return Array.from({ length: count }, () => this.local(type)) as Tuple<Local<T>, Count>
  }

  /** Computes an expression now, into a variable of its own. */
  let<T extends ValueType>(value: Expression<T>): Local<T> {
    const local = this.local(value.type)
    this.set(local, value)
    return local
  }

  set<T extends ValueType>(local: Local<T>, value: Operand<T>): void {
    this.#code.push([placeOperand(value), LOCAL_SET, encodeUnsigned(local.index)])
  }

  emit(...statements: readonly Statement[]): void {
    for (const { code } of statements) this.#code.push(code)
  }

  /** Overwrites `length` bytes from `address` on. */
  fill(address: Operand<'i32'>, byte: Operand<'i32'>, length: Operand<'i32'>): void {
    this.#code.push([placeOperand(address), placeOperand(byte), placeOperand(length), MEMORY_FILL])
  }

  /** @param body is passed over by branching to `end` */
  block(body: (end: Label) => void): void {
    this.#nest([BLOCK, NOTHING], body)
  }

  /** @param body runs once, and again whenever it branches to `start` */
  loop(body: (start: Label) => void): void {
    this.#nest([LOOP, NOTHING], body)
  }

  while(condition: Operand<'i32'>, body: () => void): void {
    this.loop((start) => {
      this.if(condition, () => {
        body()
        this.branch(start)
      })
    })
  }

  if(condition: Operand<'i32'>, then: () => void, otherwise?: () => void): void {
    this.#code.push(placeOperand(condition))
    this.#nest([IF, NOTHING], () => {
      then()
      if (otherwise === undefined) return
      this.#code.push([ELSE])
      otherwise()
    })
  }

  branch(label: Label): void {
    this.#code.push([BRANCH, encodeUnsigned(this.#depth - label.depth)])
  }

  branchIf(condition: Operand<'i32'>, label: Label): void {
    this.#code.push([placeOperand(condition), BRANCH_IF, encodeUnsigned(this.#depth - label.depth)])
  }

  /** @param result left as the function's result @returns the entry of the code section */
  encode(result: Operand<ValueType> | undefined): Code {
    const locals = this.#types.slice(this.#parameterCount)
    const body = flattenCode([
      encodeUnsigned(locals.length),
      ...locals.map((type) => [1, TYPE_CODES[type]]),
      ...this.#code,
      result === undefined ? [] : placeOperand(result),
      END,
    ])
    return [encodeUnsigned(body.length), body]
  }

  #nest(open: Code, body: (label: Label) => void): void {
    this.#code.push(open)
    this.#depth++
    body({ depth: this.#depth })
    this.#depth--
    this.#code.push([END])
  }
}

function localOf<T extends ValueType>(index: number, type: T): Local<T> {
  return { type, index, code: [LOCAL_GET, encodeUnsigned(index)] }
}
