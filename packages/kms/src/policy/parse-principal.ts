/**
 * The Principal element: whom a statement of a resource's policy is about.
 *
 * Any well-formed name is taken; that nobody of this name exists cannot be known here.
 *
 * @spec IAM policy elements, Principal; KMS authorization §2
 */

import { isServiceName, parseAccountName, parsePrincipal } from '../principal/principal.ts'
import { INVALID_PRINCIPAL, NO_PRINCIPAL, malformed } from './fault.ts'
import type { PrincipalName } from './statement.ts'

const ANYONE: PrincipalName = { type: 'anyone' }

/** A provider of identities: its ARN, or the host of a web identity provider. */
const PROVIDER =
  /^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:(?:saml-provider|oidc-provider)\/\S+|[a-z0-9-]+(?:\.[a-z0-9-]+)+)$/

/** @throws KmsError `MalformedPolicyDocumentException` */
export function parsePrincipals(value: unknown): readonly PrincipalName[] {
  if (value === '*') return [ANYONE]
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(INVALID_PRINCIPAL)
  const names = Object.entries(value).flatMap(([type, texts]) => listOf(texts).map((text) => parseName(type, text)))
  if (names.length === 0) throw malformed(NO_PRINCIPAL)
  return names
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [value]
}

function parseName(type: string, text: unknown): PrincipalName {
  const name = typeof text === 'string' ? nameOf(type, text) : undefined
  if (name === undefined) throw malformed(INVALID_PRINCIPAL)
  return name
}

function nameOf(type: string, text: string): PrincipalName | undefined {
  switch (type) {
    case 'AWS':
      return text === '*' ? ANYONE : awsNameOf(text)
    case 'Service':
      return isServiceName(text) ? { type: 'service', name: text } : undefined
    case 'Federated':
      return PROVIDER.test(text) ? { type: 'provider', name: text } : undefined
    default:
      return undefined
  }
}

function awsNameOf(text: string): PrincipalName | undefined {
  const account = parseAccountName(text)
  if (account !== undefined) return { type: 'account', account }
  const principal = parsePrincipal(text)
  switch (principal?.type) {
    case 'role':
      return { type: 'role', account: principal.account, name: principal.name }
    case 'user':
    case 'assumed-role':
    case 'federated-user':
      return { type: principal.type, arn: text }
    case 'root':
    case 'service':
    case undefined:
      return undefined
    default:
      return principal satisfies never
  }
}
