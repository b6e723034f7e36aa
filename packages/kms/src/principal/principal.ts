/**
 * Who makes a request, as a value: what its ARN says, and the names under which a policy may know it.
 *
 * Owns the ARNs of callers. Whether a caller is who it says is the front door's affair, and what it may do the policies'.
 *
 * @spec IAM identifiers; KMS authorization §4 (grantees), §8
 */

import { isAccount } from '../scope.ts'

interface AccountPrincipal {
  /** As the caller gave it; messages and the audit trail show it. */
  readonly arn: string
  readonly partition: string
  readonly account: string
}

/** The account itself, and its root user. */
export interface RootPrincipal extends AccountPrincipal {
  readonly type: 'root'
}

/** A user or a role; `path` begins and ends with a slash. AWS's own roles may be named `aws:` and something. */
export interface EntityPrincipal extends AccountPrincipal {
  readonly type: 'user' | 'role'
  readonly path: string
  readonly name: string
}

export interface RoleSession extends AccountPrincipal {
  readonly type: 'assumed-role'
  /** Without its path, which a session's ARN does not have. Names of roles are unique in an account. */
  readonly roleName: string
  readonly sessionName: string
}

export interface FederatedUser extends AccountPrincipal {
  readonly type: 'federated-user'
  readonly name: string
}

/** An AWS service that calls for itself. */
export interface ServicePrincipal {
  readonly type: 'service'
  /** Such as `s3.amazonaws.com`. */
  readonly arn: string
  readonly partition: string
  readonly account?: undefined
}

export type Principal = RootPrincipal | EntityPrincipal | RoleSession | FederatedUser | ServicePrincipal

const ARN = /^arn:(?<partition>aws(?:-[a-z]+)*):(?<service>iam|sts)::(?<account>[0-9]{12}):(?<resource>[^\s*?]+)$/
const ENTITY = /^(?<type>user|role)(?<path>\/(?:[\x21-\x7e]+\/)?)(?<name>(?:(?<=^role\/)aws:)?[\w+=,.@-]{1,128})$/
const SESSION = /^assumed-role\/(?<role>(?:aws:)?[\w+=,.@-]{1,128})\/(?<session>[\w+=,.@-]{1,128})$/
const FEDERATED = /^federated-user\/(?<name>[\w+=,.@-]{1,128})$/
const SERVICE = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?$/

/** The longest ARN that is looked at. */
const MAX_LENGTH = 2048

/** @returns `undefined` for a text that names no caller */
export function parsePrincipal(text: string): Principal | undefined {
  if (typeof text !== 'string' || text.length > MAX_LENGTH) return undefined
  if (isServiceName(text)) return { type: 'service', arn: text, partition: text.endsWith('.cn') ? 'aws-cn' : 'aws' }
  const { partition, service, account, resource } = ARN.exec(text)?.groups ?? {}
  if (partition === undefined || account === undefined || resource === undefined) return undefined
  const whose = { arn: text, partition, account }
  return service === 'iam' ? parseEntity(whose, resource) : parseSession(whose, resource)
}

/** The principal of a caller of whom only the account is known. */
export function rootOf(account: string, partition: string): RootPrincipal {
  return { type: 'root', arn: formatRootArn(account, partition), partition, account }
}

export function formatRootArn(account: string, partition: string): string {
  return `arn:${partition}:iam::${account}:root`
}

export function isServiceName(text: string): boolean {
  return SERVICE.test(text)
}

/** A service is known with and without the Region in its name, `logs.eu-west-1.amazonaws.com`, in that Region. */
export function nameOfService(service: string, region: string): string {
  return service.replace(`.${region}.amazonaws.com`, '.amazonaws.com')
}

/** The account of a root ARN or of a bare account id, the two ways in which a policy names an account. */
export function parseAccountName(text: string): string | undefined {
  if (isAccount(text)) return text
  const principal = parsePrincipal(text)
  return principal?.type === 'root' ? principal.account : undefined
}

/** What `aws:PrincipalArn` says: a session's role rather than the session. Absent for services. */
export function identityArnOf(principal: Principal): string | undefined {
  switch (principal.type) {
    case 'root':
    case 'user':
    case 'role':
    case 'federated-user':
      return principal.arn
    case 'assumed-role':
      return `arn:${principal.partition}:iam::${principal.account}:role/${principal.roleName}`
    case 'service':
      return undefined
    default:
      return principal satisfies never
  }
}

function parseEntity(whose: AccountPrincipal, resource: string): Principal | undefined {
  if (resource === 'root') return { type: 'root', ...whose }
  const { type, path, name } = ENTITY.exec(resource)?.groups ?? {}
  if (path === undefined || name === undefined) return undefined
  return { type: type === 'user' ? 'user' : 'role', ...whose, path, name }
}

function parseSession(whose: AccountPrincipal, resource: string): Principal | undefined {
  const { role, session } = SESSION.exec(resource)?.groups ?? {}
  if (role !== undefined && session !== undefined) {
    return { type: 'assumed-role', ...whose, roleName: role, sessionName: session }
  }
  const name = FEDERATED.exec(resource)?.groups?.['name']
  return name === undefined ? undefined : { type: 'federated-user', ...whose, name }
}
