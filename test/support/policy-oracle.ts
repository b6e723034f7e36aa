/**
 * A literal reading of the rules: slow, from the documents themselves, with nothing of the engine's.
 *
 * It walks through each policy for each question, matches patterns by trying everything, and prepares nothing.
 *
 * @spec IAM policy evaluation logic; KMS authorization §1
 */
import type { PolicyKind } from '@softkms/kms'

export interface OracleStatement {
  readonly Effect: string
  readonly Principal?: unknown
  readonly NotPrincipal?: unknown
  readonly Action?: unknown
  readonly NotAction?: unknown
  readonly Resource?: unknown
  readonly NotResource?: unknown
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

export type OraclePolicy = readonly OracleStatement[]

export interface OracleRequest {
  readonly caller: string
  readonly action: string
  readonly resource: string
  /** By names in lower case. */
  readonly values: Readonly<Record<string, readonly string[]>>
}

export interface OracleSides {
  readonly key: OraclePolicy
  readonly keyAccount: string
  readonly isCrossAccount: boolean
  readonly identity: readonly OraclePolicy[]
  readonly boundary?: OraclePolicy | undefined
  readonly session?: readonly OraclePolicy[] | undefined
  readonly serviceControl?: ReadonlyArray<readonly OraclePolicy[]> | undefined
}

type Firmness = 'none' | 'delegated' | 'limited' | 'itself'

/** @returns the reason, in the words of `reasonOf` */
export function interpret(request: OracleRequest, sides: OracleSides): string {
  const account = request.caller.split(':')[4] ?? ''
  const isForeign = account !== sides.keyAccount
  const isRoot = request.caller.endsWith(':root')
  const denies = (policy: OraclePolicy): boolean =>
    policy.some((one) => one.Effect === 'Deny' && firmness(one, request) !== 'none' && applies(one, request))
  const allows = (policy: OraclePolicy): Firmness[] =>
    policy.filter((one) => one.Effect === 'Allow' && applies(one, request)).map((one) => firmness(one, request))
  const isAllowedBy = (policy: OraclePolicy): boolean => allows(policy).some((one) => one !== 'none')

  if (isForeign) {
    if (!sides.isCrossAccount) return 'own account only'
    if (denies(sides.key)) return 'deny in resource-based policy'
    if (!isAllowedBy(sides.key)) return 'no resource-based policy'
  }
  const own: ReadonlyArray<readonly [PolicyKind, readonly OraclePolicy[]]> = [
    ['service control policy', sides.serviceControl?.flat() ?? []],
    ['session policy', sides.session ?? []],
    ['permissions boundary', sides.boundary === undefined ? [] : [sides.boundary]],
    ['identity-based policy', isRoot ? [] : sides.identity],
    ['resource-based policy', [sides.key]],
  ]
  for (const [kind, policies] of own) if (policies.some(denies)) return `deny in ${kind}`
  for (const level of sides.serviceControl ?? []) if (!level.some(isAllowedBy)) return 'no service control policy'

  const firmest = allows(sides.key)
  const isDirect = firmest.includes('itself') || firmest.includes('limited')
  if (!isDirect && !firmest.includes('delegated')) return 'no resource-based policy'
  const needsIdentity = isForeign || !isDirect
  if (needsIdentity && !isRoot && !sides.identity.some(isAllowedBy)) return 'no identity-based policy'
  if (needsIdentity || !firmest.includes('itself')) {
    if (sides.boundary !== undefined && !isAllowedBy(sides.boundary)) return 'no permissions boundary'
    if (sides.session !== undefined && !sides.session.some(isAllowedBy)) return 'no session policy'
  }
  if (isForeign) return 'allowed by key policy and identity policy'
  return isDirect ? 'allowed by key policy' : 'allowed by identity policy'
}

function applies(statement: OracleStatement, request: OracleRequest): boolean {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement
  const isAction = (pattern: string): boolean => glob(pattern.toLowerCase(), request.action.toLowerCase())
  const isResource = (pattern: string): boolean => matchesArn(pattern, request.resource, request, true)
  if (Action !== undefined && !listOf(Action).some(isAction)) return false
  if (NotAction !== undefined && listOf(NotAction).some(isAction)) return false
  if (Resource !== undefined && !listOf(Resource).some(isResource)) return false
  if (NotResource !== undefined && listOf(NotResource).some(isResource)) return false
  for (const [operator, keys] of Object.entries(Condition)) {
    for (const [key, wanted] of Object.entries(keys)) {
      if (!isMet(operator, listOf(wanted), request.values[key.toLowerCase()], request)) return false
    }
  }
  return true
}

function firmness({ Principal, NotPrincipal }: OracleStatement, { caller }: OracleRequest): Firmness {
  const account = caller.split(':')[4] ?? ''
  const root = `arn:aws:iam::${account}:root`
  const role = caller.includes(':assumed-role/') ? `arn:aws:iam::${account}:role/${caller.split('/')[1]}` : undefined
  if (NotPrincipal !== undefined) {
    const listed = namesOf(NotPrincipal)
    if (listed.includes('*')) return 'none'
    const everything = new Set([root, ...(role === undefined ? [] : [role]), caller])
    return [...everything].every((name) => listed.includes(name)) ? 'none' : 'limited'
  }
  if (Principal === undefined) return 'itself'
  const names = namesOf(Principal)
  if (names.includes(caller)) return caller.includes(':role/') ? 'limited' : 'itself'
  if (names.includes('*') || (role !== undefined && names.includes(role))) return 'limited'
  return names.includes(root) ? 'delegated' : 'none'
}

/** Accounts by their ARNs, everything else as it is written. */
function namesOf(element: unknown): readonly string[] {
  if (element === '*') return ['*']
  const { AWS = [] } = element as { readonly AWS?: unknown }
  return listOf(AWS).map((name) => (/^[0-9]{12}$/.test(name) ? `arn:aws:iam::${name}:root` : name))
}

function isMet(
  operator: string,
  wanted: readonly string[],
  actual: readonly string[] | undefined,
  request: OracleRequest,
): boolean {
  if (operator === 'Null') return wanted.includes(String(actual === undefined))
  const [quantifier, rest] = operator.includes(':') ? operator.split(':') : [undefined, operator]
  const isIfExists = operator.endsWith('IfExists')
  const name = (rest ?? '').replace(/IfExists$/u, '')
  const isNegated = name.includes('Not')
  const compare = name.replace('Not', '')
  const one = (value: string): boolean => wanted.some((pattern) => isEqual(compare, pattern, value, request))
  if (actual === undefined) {
    if (isIfExists || quantifier === 'ForAllValues') return true
    return quantifier === undefined && isNegated
  }
  if (quantifier === 'ForAllValues') return actual.every((value) => (isNegated ? !one(value) : one(value)))
  if (quantifier === 'ForAnyValue') return actual.some((value) => (isNegated ? !one(value) : one(value)))
  return isNegated ? !actual.some(one) : actual.some(one)
}

function isEqual(operator: string, pattern: string, value: string, request: OracleRequest): boolean {
  switch (operator) {
    case 'StringEquals':
      return substitute(hide(pattern), request) === hide(value)
    case 'StringEqualsIgnoreCase':
      return substitute(hide(pattern), request)?.toLowerCase() === hide(value).toLowerCase()
    case 'StringLike': {
      const text = substitute(pattern, request)
      return text !== undefined && glob(text, hide(value))
    }
    case 'ArnLike':
    case 'ArnEquals':
      return matchesArn(pattern, value, request, false)
    case 'NumericEquals':
      return numberOf(value) === Number(pattern)
    case 'NumericLessThan':
      return numberOf(value) < Number(pattern)
    case 'NumericLessThanEquals':
      return numberOf(value) <= Number(pattern)
    case 'NumericGreaterThan':
      return numberOf(value) > Number(pattern)
    case 'NumericGreaterThanEquals':
      return numberOf(value) >= Number(pattern)
    case 'DateEquals':
      return timeOf(value) === timeOf(pattern)
    case 'DateLessThan':
      return timeOf(value) < timeOf(pattern)
    case 'DateLessThanEquals':
      return timeOf(value) <= timeOf(pattern)
    case 'DateGreaterThan':
      return timeOf(value) > timeOf(pattern)
    case 'DateGreaterThanEquals':
      return timeOf(value) >= timeOf(pattern)
    case 'IpAddress':
      return isInside(value, pattern)
    case 'BinaryEquals':
      return isBase64(value) && value === pattern
    case 'Bool':
      return pattern.toLowerCase() === value.toLowerCase()
    default:
      throw new Error(`the oracle does not know ${operator}`)
  }
}

/** No number at all is neither equal to one nor less. */
function numberOf(text: string): number {
  return /^-?\d+$/.test(text) ? Number(text) : Number.NaN
}

/** A year, a date or a date and time, or seconds since 1970; anything else is no time. */
function timeOf(text: string): number {
  if (/^\d{4}(?:-\d\d-\d\d(?:T.*)?)?$/.test(text)) return Date.parse(text)
  return numberOf(text) * 1000
}

/** Bit by bit, of addresses with four numbers. */
function isInside(value: string, pattern: string): boolean {
  const [inner, outer] = [bitsOf(value), bitsOf(pattern)]
  return inner !== undefined && outer !== undefined && inner.startsWith(outer)
}

/** The bits that a block fixes. */
function bitsOf(text: string): string | undefined {
  const [, address, length = '32'] = /^(\d+\.\d+\.\d+\.\d+)(?:\/(\d+))?$/.exec(text) ?? []
  const bits = address?.split('.').map((part) => Number(part).toString(2).padStart(8, '0'))
  return bits?.join('').slice(0, Number(length))
}

function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0 && btoa(atob(text)) === text
}

/** Part by part; a Resource may be cut short, and then anything goes for the rest. */
function matchesArn(pattern: string, value: string, request: OracleRequest, isResource: boolean): boolean {
  if (pattern === '*') return isResource || value.startsWith('arn:')
  if (!value.startsWith('arn:')) return false
  // The colon in a variable's name is none of the ARN's.
  const text = substitute(pattern.replaceAll('${aws:', '${aws\uE002'), request, COLON)
  const wanted = splitSix(text ?? '')
  const actual = splitSix(hide(value))
  if (text === undefined || actual.length < 6 || (wanted.length < 6 && !isResource)) return false
  return wanted.every((part, i) => glob(i === 5 ? part.replaceAll(COLON, ':') : part, actual[i] ?? ''))
}

function splitSix(text: string): readonly string[] {
  const parts = text.split(':')
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')]
}

const STAR = '\uE000'
const MARK = '\uE001'
/** A colon that cuts no ARN. */
const COLON = '\uE003'

/** Writes what is a star or a question mark and nothing more in other characters. */
function hide(text: string): string {
  return text.replaceAll('*', STAR).replaceAll('?', MARK)
}

/** @returns `undefined` when a variable has no value */
function substitute(text: string, { values }: OracleRequest, colon = ':'): string | undefined {
  let isResolved = true
  const result = text.replaceAll(/\$\{([^}]*)\}/gu, (_whole, inside: string) => {
    const [name = '', fallback] = inside.replaceAll('\uE002', ':').split(', ')
    if (name === '*' || name === STAR) return STAR
    const found = values[name.toLowerCase()]
    if (found?.length === 1) return hide(found[0] ?? '').replaceAll(':', colon)
    if (found === undefined && fallback !== undefined) return hide(fallback.slice(1, -1))
    isResolved = false
    return ''
  })
  return isResolved ? result : undefined
}

/** Tries everything. */
function glob(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  const [head = ''] = pattern
  const rest = pattern.slice(1)
  if (head === '*') return glob(rest, text) || (text !== '' && glob(pattern, text.slice(1)))
  return text !== '' && (head === '?' || head === text[0]) && glob(rest, text.slice(1))
}

function listOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? (value as readonly unknown[]) : [value]).map(String)
}
