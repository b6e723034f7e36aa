/** Writes which errors AWS's model gives each operation, as data. */
import { generateList } from './generate-list.ts'
import type { ApiModel } from './model.ts'

export function generateErrors(model: ApiModel): string {
  const names = [...new Set(model.operations.flatMap((operation) => operation.errors))].toSorted()
  return [
    "import type { OperationName } from './types.ts'",
    '',
    "/** The errors of AWS's model. Errors that every service has, such as `ValidationException`, are not among them. */",
    'export type ModelledError =',
    ...names.map((name) => `  | '${name}'`),
    '',
    'export const operationErrors: { readonly [Name in OperationName]: readonly ModelledError[] } = {',
    ...model.operations.map(({ name, errors }) => `  ${name}: ${generateList(errors)},`),
    '}\n',
  ].join('\n')
}
