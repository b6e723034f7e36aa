/**
 * From the text of a policy to its value, or to the reason why it is none.
 *
 * Strict: what is not in IAM's grammar is refused, so that no policy says less or more than its author believes.
 *
 * @spec IAM policy grammar; KMS authorization §2
 */

import { NO_PRINCIPAL, NO_VENDOR, PRINCIPAL_IN_IDENTITY, malformed } from './fault.ts'
import { parseConditions } from './parse-condition.ts'
import { parsePrincipals } from './parse-principal.ts'
import { parsePlainJson } from './plain-json.ts'
import type { Clause, PolicyDocument, PolicyKind, Statement } from './statement.ts'
import { parseTemplate } from './variable.ts'

const DOCUMENT_MEMBERS: ReadonlySet<string> = new Set(['Version', 'Id', 'Statement'])
const STATEMENT_MEMBERS: ReadonlySet<string> = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
])

/** The version with policy variables; the older one is what a document without Version gets. */
const VERSION_WITH_VARIABLES = '2012-10-17'
const VERSIONS: readonly unknown[] = [VERSION_WITH_VARIABLES, '2008-10-17', undefined]

const ACTION = /^(?:\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/

type Json = Readonly<Record<string, unknown>>

/** Kinds that name principals: the policies of resources. */
function isResourceSide(kind: PolicyKind): boolean {
  return kind === 'resource-based policy' || kind === 'resource control policy'
}

/** @throws KmsError `MalformedPolicyDocumentException` */
export function parseDocument(text: string, kind: PolicyKind): PolicyDocument {
  const name = kind === 'resource-based policy' ? 'new key policy' : kind
  const json = readJson(text, name)
  const members = json['Statement']
  if (!isObject(members) && !Array.isArray(members)) throw malformed(`The ${name} is not valid.`)
  assertMembers(json, DOCUMENT_MEMBERS, `The ${name}`)
  if (!VERSIONS.includes(json['Version'])) throw malformed('The policy must contain a valid version string.')
  if (json['Id'] !== undefined && typeof json['Id'] !== 'string') throw malformed('Id must be a string.')
  const hasVariables = json['Version'] === VERSION_WITH_VARIABLES
  const statements = (Array.isArray(members) ? members : [members]).map((member: unknown, i) => {
    if (!isObject(member)) throw malformed(`Statement ${i + 1} must be an object.`)
    return parseStatement(member, { kind, hasVariables, place: `Statement ${i + 1}` })
  })
  return { kind, hasVariables, statements }
}

interface Surroundings {
  readonly kind: PolicyKind
  readonly hasVariables: boolean
  readonly place: string
}

function parseStatement(json: Json, around: Surroundings): Statement {
  const { kind, place } = around
  assertMembers(json, STATEMENT_MEMBERS, place)
  const sid = json['Sid']
  if (sid !== undefined && typeof sid !== 'string') throw malformed(`Sid of ${place} must be a string.`)
  const effect = json['Effect']
  if (effect !== 'Allow' && effect !== 'Deny') throw malformed(`Effect of ${place} must be Allow or Deny.`)

  const principal = parsePrincipalClause(json, around)
  const action = parseClause(json, 'Action', around, assertAction)
  const resource = parseClause(json, 'Resource', around, (text) => assertResource(text, around))
  // A key policy may leave them out: the API takes it, and the statement does nothing.
  if (kind !== 'resource-based policy' && (action === undefined || resource === undefined)) {
    throw malformed(`Policy statement must contain ${action === undefined ? 'actions' : 'resources'}.`)
  }
  return {
    ...(sid === undefined ? {} : { sid }),
    effect,
    ...(principal === undefined ? {} : { principal }),
    ...(action === undefined ? {} : { action }),
    ...(resource === undefined ? {} : { resource }),
    conditions: parseConditions(json['Condition'], around),
  }
}

function parsePrincipalClause(json: Json, { kind, place }: Surroundings): Statement['principal'] {
  const name = memberOf(json, 'Principal', place)
  if (!isResourceSide(kind)) {
    if (name !== undefined) throw malformed(PRINCIPAL_IN_IDENTITY)
    return undefined
  }
  if (name === undefined) throw malformed(NO_PRINCIPAL)
  const values = parsePrincipals(json[name])
  if (kind === 'resource control policy' && (name !== 'Principal' || values.some(({ type }) => type !== 'anyone'))) {
    throw malformed('A resource control policy can have no principal but "*".')
  }
  return { isNegated: name === 'NotPrincipal', values }
}

/** @returns `undefined` when the statement has neither the element nor its opposite, or an empty one */
function parseClause(
  json: Json,
  element: 'Action' | 'Resource',
  { place }: Surroundings,
  assertValue: (text: string) => void,
): Clause<string> | undefined {
  const name = memberOf(json, element, place)
  if (name === undefined) return undefined
  const values = stringsOf(json[name])
  if (values === undefined) throw malformed(`${name} of ${place} must be a string or a list of strings.`)
  for (const value of values) assertValue(value)
  const isNegated = name !== element
  if (values.length > 0) return { isNegated, values }
  // The opposite of nothing would be everything, which nobody means by an empty list.
  if (isNegated) throw malformed(`${name} of ${place} must not be empty.`)
  return undefined
}

/** The member for an element or its opposite, of which a statement has one at most. */
function memberOf<Name extends string>(json: Json, element: Name, place: string): Name | `Not${Name}` | undefined {
  const opposite = `Not${element}` as const
  const has = json[element] !== undefined
  if (json[opposite] === undefined) return has ? element : undefined
  if (has) throw malformed(`${place} has both ${element} and ${opposite}.`)
  return opposite
}

function assertAction(text: string): void {
  if (!ACTION.test(text)) throw malformed(NO_VENDOR)
}

function assertResource(text: string, { hasVariables, place }: Surroundings): void {
  if (text !== '*' && !text.startsWith('arn:')) throw malformed(`Resource ${text} must be in ARN format or "*".`)
  if (hasVariables && parseTemplate(text, true) === undefined) {
    throw malformed(`Resource of ${place} has a policy variable that is not well formed.`)
  }
}

function readJson(text: string, name: string): Json {
  let value: unknown
  try {
    value = parsePlainJson(text)
  } catch {
    throw malformed(`The ${name} is not valid JSON.`)
  }
  if (!isObject(value)) throw malformed(`The ${name} is not valid.`)
  return value
}

function assertMembers(json: Json, known: ReadonlySet<string>, place: string): void {
  const unknown = Object.keys(json).find((name) => !known.has(name))
  if (unknown !== undefined) throw malformed(`${place} has an unknown member, ${unknown}.`)
}

function stringsOf(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
