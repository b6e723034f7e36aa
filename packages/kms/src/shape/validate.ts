/**
 * Validates requests against the API's model, and nothing beyond it: rules between members belong to operations.
 *
 * Each operation's check is compiled once, before its first request, so that importing costs nothing.
 *
 * @spec wire §3
 */
import { operationShapes } from '../generated/shapes.ts'
import type { OperationName } from '../generated/types.ts'
import { compileCheck, refusal } from './check.ts'
import type { Check } from './check.ts'
import type { ValidInput } from './valid.ts'

const checks = new Map<OperationName, Check>()

/** Whether KMS has an operation of this name, spelt exactly so. */
export function isOperationName(name: string): name is OperationName {
  return Object.hasOwn(operationShapes, name)
}

/**
 * Refuses a request that does not fit its operation's model; members that the model does not know are ignored.
 *
 * @throws KmsError `SerializationException` for a value of another type, naming its path and never the value;
 * otherwise `ValidationException` with every constraint that fails, in AWS's words.
 */
export function validateInput<Name extends OperationName>(
  operation: Name,
  input: unknown,
): asserts input is ValidInput<Name> {
  let check = checks.get(operation)
  if (check === undefined) {
    check = compileCheck(operationShapes[operation].input)
    checks.set(operation, check)
  }
  const faults = check(input, '', undefined)
  if (faults !== undefined) throw refusal(faults)
}
