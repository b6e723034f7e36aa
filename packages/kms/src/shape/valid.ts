/**
 * What a request is once it has passed validation.
 *
 * A request's required members may be written as `undefined`, so that the AWS SDK's inputs fit; past `validateInput`
 * they are there, and the type says so.
 */
import type { OperationInputs, OperationName } from '../generated/types.ts'

/** `T` with every required member present, in lists and structures within it as well. */
export type Valid<T> = T extends Uint8Array | Date
  ? T
  : T extends readonly (infer Element)[]
    ? readonly Valid<Element>[]
    : T extends object
      ? {
          readonly [Name in keyof T]: object extends Pick<T, Name> ? Valid<T[Name]> : Valid<Exclude<T[Name], undefined>>
        }
      : T

/** The request that an operation's handler receives. */
export type ValidInput<Name extends OperationName> = Valid<OperationInputs[Name]>
