/** An engine with policies, asked by `why`: what a request gets and for which reason, without performing it. */
import { type Explanation, type MemoryIdentityPolicies, type PolicyInput, createIdentityPolicies } from '@softkms/kms'
import type { CreateKmsOptions, Kms } from 'softkms'
import { ACCOUNT, type KmsFixture, startKms } from './kms-fixture.ts'

export const USER = `arn:aws:iam::${ACCOUNT}:user/alice`

export interface PolicyScene extends KmsFixture {
  readonly iam: MemoryIdentityPolicies
}

export async function startPolicyScene(options: CreateKmsOptions = {}): Promise<PolicyScene> {
  const iam = createIdentityPolicies()
  return { ...(await startKms({ ...options, identityPolicies: iam })), iam }
}

export function policyOf(...statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements })
}

export function allow(rest: object = {}): object {
  return { Effect: 'Allow', Action: 'kms:*', Resource: '*', ...rest }
}

export function deny(rest: object = {}): object {
  return { ...allow(rest), Effect: 'Deny' }
}

/** A key with any policy at all, locked out or not. */
export async function createKeyWith(kms: Kms, policy: PolicyInput, rest: object = {}): Promise<string> {
  const Policy = typeof policy === 'string' ? policy : JSON.stringify(policy)
  const { KeyMetadata } = await kms.createKey({ Policy, BypassPolicyLockoutSafetyCheck: true, ...rest })
  return KeyMetadata?.Arn ?? ''
}

/** Such as `allowed by key policy`, `no identity-based policy` or `deny in permissions boundary`. */
export function reasonOf({ decision }: Explanation): string {
  if (decision.isAllowed) return `allowed by ${decision.grounds}`
  const { refusal } = decision
  if (refusal.type === 'foreign') return 'own account only'
  if (refusal.type === 'service') return `not for ${refusal.service}`
  return refusal.type === 'explicit' ? `deny in ${refusal.kind}` : `no ${refusal.kind}`
}

/** The reason of each thing that a request asks leave for. */
export async function reasonsFor(kms: Kms, operation: string, input: object = {}): Promise<readonly string[]> {
  return (await kms.why(operation, input)).map(reasonOf)
}
