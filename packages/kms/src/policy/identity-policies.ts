/**
 * The port through which the engine learns the policies of callers, and its implementation in memory.
 *
 * IAM is not part of this KMS, so somebody else keeps these. Where nobody has said anything about an account, its
 * callers have full permission on the identity side, as administrators have: key policies still decide where they do
 * not leave the decision to the account.
 *
 * @spec KMS authorization §1; IAM policy evaluation logic
 */

import { type Principal, parsePrincipal } from '../principal/principal.ts'
import { isAccount } from '../scope.ts'
import { parseDocument } from './parse.ts'
import type { PolicyKind } from './statement.ts'

/** Policies of one level, of which any may allow; every level must. */
export type ControlLevels = ReadonlyArray<readonly string[]>

/** Texts of policies. */
export interface PrincipalPolicies {
  /** Absent: everything is allowed. Empty: nothing is. */
  readonly identity?: readonly string[] | undefined
  readonly boundary?: string | undefined
  readonly session?: readonly string[] | undefined
}

/** Texts of the policies that an organization puts on an account. */
export interface AccountPolicies {
  readonly serviceControl?: ControlLevels | undefined
  readonly resourceControl?: ControlLevels | undefined
}

export interface IdentityPolicies {
  /** Asked for each request; root users and services are not asked about. */
  policiesOf(principal: Principal): PrincipalPolicies | Promise<PrincipalPolicies>
  /** Asked about the caller's account and about the key's. */
  policiesOfAccount(account: string): AccountPolicies | Promise<AccountPolicies>
}

/** A policy as text, or as what the text would write. */
export type PolicyInput = string | object

export interface PrincipalPolicyInputs {
  readonly identity?: readonly PolicyInput[]
  readonly boundary?: PolicyInput
  readonly session?: readonly PolicyInput[]
}

export interface AccountPolicyInputs {
  readonly serviceControl?: ReadonlyArray<readonly PolicyInput[]>
  readonly resourceControl?: ReadonlyArray<readonly PolicyInput[]>
}

export interface MemoryIdentityPolicies extends IdentityPolicies {
  /**
   * Sets all policies of a principal, in place of what it had. From then on nobody in its account has permission that
   * no policy gives, except the root user.
   *
   * @param principal ARN of a user, role, role session or federated user; a session has its role's policies, too
   * @throws RangeError for anything else
   * @throws KmsError `MalformedPolicyDocumentException`, and nothing is changed
   */
  set(principal: string, policies: PrincipalPolicyInputs): void

  /** Forgets a principal; its account stays one in which policies decide. */
  delete(principal: string): void

  /**
   * Sets the policies that an organization puts on an account.
   *
   * @throws RangeError for a malformed account
   * @throws KmsError `MalformedPolicyDocumentException`, and nothing is changed
   */
  setAccount(account: string, policies: AccountPolicyInputs): void
}

const FULL_PERMISSION: PrincipalPolicies = {}
const NO_PERMISSION: PrincipalPolicies = { identity: [] }
const NO_CONTROL: AccountPolicies = {}

/** What an engine has that was given no policies: every caller has full permission on its own side. */
export const unconfigured: IdentityPolicies = {
  policiesOf: () => FULL_PERMISSION,
  policiesOfAccount: () => NO_CONTROL,
}

export function createIdentityPolicies(): MemoryIdentityPolicies {
  const principals = new Map<string, PrincipalPolicies>()
  const accounts = new Map<string, AccountPolicies>()
  const configured = new Set<string>()
  return {
    policiesOf(principal) {
      if (principal.account === undefined || !configured.has(principal.account)) return FULL_PERMISSION
      const own = principals.get(nameOf(principal))
      if (principal.type !== 'assumed-role') return own ?? NO_PERMISSION
      const ofRole = principals.get(nameOfRole(principal.account, principal.roleName))
      // A session may have fewer permissions than its role, and none of its own.
      return { ...NO_PERMISSION, ...ofRole, ...own }
    },
    policiesOfAccount: (account) => accounts.get(account) ?? NO_CONTROL,
    set(arn, { identity = [], boundary, session }) {
      const principal = parseOwner(arn)
      const policies: PrincipalPolicies = {
        ...(principal.type === 'assumed-role' && identity.length === 0
          ? {}
          : { identity: identity.map((policy) => textOf(policy, 'identity-based policy')) }),
        ...(boundary === undefined ? {} : { boundary: textOf(boundary, 'permissions boundary') }),
        ...(session === undefined ? {} : { session: session.map((policy) => textOf(policy, 'session policy')) }),
      }
      principals.set(nameOf(principal), policies)
      configured.add(principal.account)
    },
    delete(arn) {
      principals.delete(nameOf(parseOwner(arn)))
    },
    setAccount(account, { serviceControl, resourceControl }) {
      if (!isAccount(account)) throw new RangeError('account must be 12 digits')
      accounts.set(account, {
        serviceControl: serviceControl && textsOf(serviceControl, 'service control policy'),
        resourceControl: resourceControl && textsOf(resourceControl, 'resource control policy'),
      })
    },
  }
}

type Owner = Exclude<Principal, { type: 'root' | 'service' }>

function parseOwner(arn: string): Owner {
  const principal = parsePrincipal(arn)
  if (principal === undefined || principal.type === 'root' || principal.type === 'service') {
    throw new RangeError('principal must be the ARN of a user, a role, a role session or a federated user')
  }
  return principal
}

/** A role by its name alone, since sessions do not know its path. */
function nameOf(principal: Principal): string {
  return principal.type === 'role' ? nameOfRole(principal.account, principal.name) : principal.arn
}

function nameOfRole(account: string, role: string): string {
  return `${account}/${role}`
}

function textsOf(levels: ReadonlyArray<readonly PolicyInput[]>, kind: PolicyKind): ControlLevels {
  return levels.map((policies) => policies.map((policy) => textOf(policy, kind)))
}

function textOf(policy: PolicyInput, kind: PolicyKind): string {
  const text = typeof policy === 'string' ? policy : JSON.stringify(policy)
  parseDocument(text, kind)
  return text
}
