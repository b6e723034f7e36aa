/**
 * The policies of callers as a file: JSON with IAM's names for them, and each policy as IAM has it.
 *
 * Strict: a member that is not known is a mistake, and a mistake is named by its place.
 */
import {
  type AccountPolicyInputs,
  KmsError,
  type MemoryIdentityPolicies,
  type PolicyInput,
  type PrincipalPolicyInputs,
  createIdentityPolicies,
} from '@softkms/kms'
import { UnusableFileError, readTextFile } from './text-file.ts'

type Json = Readonly<Record<string, unknown>>

/** @throws UnusableFileError saying where the file is not one of policies */
export function readIdentityPolicies(path: string): MemoryIdentityPolicies {
  const text = readTextFile(path)
  try {
    return parseIdentityPolicies(text)
  } catch (error) {
    if (error instanceof FileFault) throw new UnusableFileError(`${path}: ${error.message}`)
    throw error
  }
}

class FileFault extends Error {}

function parseIdentityPolicies(text: string): MemoryIdentityPolicies {
  const file = asObject(parseJson(text), 'the file', ['Version', 'Principals', 'Accounts'])
  if (file['Version'] !== 1) throw new FileFault('Version must be 1')
  const policies = createIdentityPolicies()
  for (const [place, item] of itemsOf(file, 'Principals', '')) {
    const known = ['Principal', 'IdentityPolicies', 'PermissionsBoundary', 'SessionPolicies']
    const members = asObject(item, place, known)
    const principal = textOf(members, 'Principal', place)
    at(place, () => policies.set(principal, readPrincipal(members, place)))
  }
  for (const [place, item] of itemsOf(file, 'Accounts', '')) {
    const members = asObject(item, place, ['Account', 'ServiceControlPolicies', 'ResourceControlPolicies'])
    const account = textOf(members, 'Account', place)
    at(place, () => policies.setAccount(account, readAccount(members, place)))
  }
  return policies
}

function readPrincipal(members: Json, place: string): PrincipalPolicyInputs {
  const { PermissionsBoundary: boundary, SessionPolicies: session } = members
  return {
    identity: policiesOf(members, 'IdentityPolicies', place),
    ...(boundary === undefined ? {} : { boundary: asPolicy(boundary, `${place}.PermissionsBoundary`) }),
    ...(session === undefined ? {} : { session: policiesOf(members, 'SessionPolicies', place) }),
  }
}

function readAccount(members: Json, place: string): AccountPolicyInputs {
  return {
    ...levelsOf(members, 'ServiceControlPolicies', 'serviceControl', place),
    ...levelsOf(members, 'ResourceControlPolicies', 'resourceControl', place),
  }
}

/** Of a list of levels, from the organization's root down. */
function levelsOf(members: Json, name: string, as: keyof AccountPolicyInputs, place: string): AccountPolicyInputs {
  if (members[name] === undefined) return {}
  const levels = itemsOf(members, name, `${place}.`).map(([level, policies]) => {
    if (!Array.isArray(policies)) throw new FileFault(`${level} must be a list of policies`)
    return policies.map((policy: unknown, i) => asPolicy(policy, `${level}[${i}]`))
  })
  return { [as]: levels }
}

function policiesOf(members: Json, name: string, place: string): readonly PolicyInput[] {
  return itemsOf(members, name, `${place}.`).map(([item, policy]) => asPolicy(policy, item))
}

/** The items of a list that may be left out, each with its place. */
function itemsOf(members: Json, name: string, before: string): ReadonlyArray<readonly [place: string, item: unknown]> {
  const list = members[name] ?? []
  if (!Array.isArray(list)) throw new FileFault(`${before}${name} must be a list`)
  return list.map((item: unknown, i) => [`${before}${name}[${i}]`, item])
}

function asPolicy(value: unknown, place: string): PolicyInput {
  if (typeof value === 'string') return value
  if (typeof value === 'object' && value !== null) return value
  throw new FileFault(`${place} must be a policy`)
}

function textOf(members: Json, name: string, place: string): string {
  const text = members[name]
  if (typeof text !== 'string') throw new FileFault(`${place}.${name} must be a string`)
  return text
}

/** Says of a fault that the engine finds where it is. */
function at(place: string, take: () => void): void {
  try {
    take()
  } catch (error) {
    if (error instanceof KmsError || error instanceof RangeError) throw new FileFault(`${place}: ${error.message}`)
    throw error
  }
}

function parseJson(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text)
    return json
  } catch {
    throw new FileFault('the file is not JSON')
  }
}

function asObject(value: unknown, place: string, known: readonly string[]): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FileFault(`${place} must be a JSON object`)
  }
  if (Object.keys(value).some((name) => !known.includes(name))) {
    throw new FileFault(`${place} has a member that is none of ${known.join(', ')}`)
  }
  return value as Json
}
