/**
 * The vocabulary in which requests and responses are described.
 *
 * Shapes are plain data, generated from the compact model in `packages/kms/model/`. Validators, the wire codec
 * and the documentation are derived from them. Constraints are AWS's; none is invented here.
 */

export interface StringShape {
  readonly type: 'string'
  /** Least and greatest length in characters. */
  readonly min?: number
  readonly max?: number
  /** An ECMAScript pattern, as AWS prints it. */
  readonly pattern?: string
  /** The values of an enumeration, in the model's order. */
  readonly values?: readonly string[]
  /** Never echoed in a message or a log. */
  readonly sensitive?: true
}

export interface BlobShape {
  readonly type: 'blob'
  /** Least and greatest length in bytes. */
  readonly min?: number
  readonly max?: number
  readonly sensitive?: true
}

export interface IntegerShape {
  readonly type: 'integer'
  readonly min?: number
  readonly max?: number
}

export interface BooleanShape {
  readonly type: 'boolean'
}

export interface TimestampShape {
  readonly type: 'timestamp'
}

export interface ListShape {
  readonly type: 'list'
  readonly member: Shape
  /** Least and greatest number of elements. */
  readonly min?: number
  readonly max?: number
}

/** Every map of this API has plain strings on both sides. */
export interface MapShape {
  readonly type: 'map'
}

export interface StructureShape {
  readonly type: 'structure'
  readonly members: { readonly [name: string]: MemberShape }
}

export interface MemberShape {
  readonly shape: Shape
  readonly required?: true
}

export type Shape =
  | StringShape
  | BlobShape
  | IntegerShape
  | BooleanShape
  | TimestampShape
  | ListShape
  | MapShape
  | StructureShape

export interface OperationShape {
  readonly input: StructureShape
  /** Absent for operations that answer with an empty body. */
  readonly output?: StructureShape
}
