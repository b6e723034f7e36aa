/**
 * The shapes against the schemas that the AWS SDK serializes by: an oracle that every clone has.
 *
 * The SDK knows members, their types, and which are required or sensitive. Lengths, ranges, patterns and the values of
 * enumerations it does not know; `test/tools/derive-model.test.ts` holds those.
 */
import * as sdk from '@aws-sdk/client-kms'
import { type OperationName, operationShapes, type Shape, type StructureShape } from '@softkms/kms'
import { expect, test } from 'vitest'

/** What both sides can say of a shape. */
type Description = string | readonly [Description] | { readonly [member: string]: Description }

/** Kinds of schema, as their first element. Simple types are numbers; lists and maps of them are one number too. */
const SIMPLE = 0
const LIST = 1
const MAP = 2
const STRUCTURE = 3
const OPERATION = 9
const SENSITIVE = 8
const SIMPLE_NAMES = new Map([
  [0, 'string'],
  [1, 'integer'],
  [2, 'boolean'],
  [4, 'timestamp'],
  [21, 'blob'],
])
const LIST_OF = 64
const MAP_OF = 128

const operations = Object.keys(operationShapes) as OperationName[]

test.each(operations)('%s takes and answers what the SDK sends and expects', (operation) => {
  const [kind, , name, , input, output] = schemaOf(`${operation}$`)
  expect([kind, name]).toEqual([OPERATION, operation])
  const shape = operationShapes[operation]
  expect(describeShape(shape.input)).toEqual(describeSchema(input))
  expect(shape.output && describeShape(shape.output)).toEqual(describeOutput(output))
})

function schemaOf(name: string): readonly unknown[] {
  const schema = (sdk as { readonly [name: string]: unknown })[name]
  if (!Array.isArray(schema)) throw new Error(`the SDK has no schema ${name}`)
  return schema
}

function describeOutput(schema: unknown): Description | undefined {
  const resolved = resolve(schema)
  return resolved === 'unit' ? undefined : describeSchema(resolved)
}

/** Schemas that refer to others do so by functions. */
function resolve(schema: unknown): unknown {
  return typeof schema === 'function' ? (schema as () => unknown)() : schema
}

function describeSchema(reference: unknown): Description {
  const schema = resolve(reference)
  if (typeof schema === 'number') return describeNumber(schema)
  if (!Array.isArray(schema)) throw new Error('not a schema')
  const [kind, , , traits, first, second, requiredCount] = schema as readonly unknown[]
  switch (kind) {
    case SIMPLE:
      return `${describeSimple(Number(first))}${traits === SENSITIVE ? ' sensitive' : ''}`
    case LIST:
      return [describeSchema(first)]
    case MAP:
      return 'map'
    case STRUCTURE: {
      const schemas = second as readonly unknown[]
      // The required members come first.
      return Object.fromEntries(
        (first as readonly string[]).map((name, index) => {
          return [index < Number(requiredCount ?? 0) ? `${name} required` : name, describeSchema(schemas[index])]
        }),
      )
    }
    default:
      // A reference together with traits of the member that refers.
      return describeSchema(kind)
  }
}

function describeNumber(code: number): Description {
  if (code >= MAP_OF) return 'map'
  return code >= LIST_OF ? [describeSimple(code - LIST_OF)] : describeSimple(code)
}

function describeSimple(code: number): string {
  const name = SIMPLE_NAMES.get(code)
  if (name === undefined) throw new Error(`no simple type ${code}`)
  return name
}

function describeShape(shape: Shape): Description {
  switch (shape.type) {
    case 'structure':
      return describeStructure(shape)
    case 'list':
      return [describeShape(shape.member)]
    case 'string':
    case 'blob':
      return `${shape.type}${shape.sensitive === true ? ' sensitive' : ''}`
    case 'integer':
    case 'boolean':
    case 'timestamp':
    case 'map':
      return shape.type
  }
}

function describeStructure({ members }: StructureShape): Description {
  return Object.fromEntries(
    Object.entries(members).map(([name, { shape, required }]) => {
      return [required === true ? `${name} required` : name, describeShape(shape)]
    }),
  )
}
