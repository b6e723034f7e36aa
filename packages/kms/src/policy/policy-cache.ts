/**
 * Compiled policies by their text: a policy is compiled once a version, and keys with the same policy share it.
 *
 * Bounded by the length of the texts; the policy that has not been asked for longest goes first.
 */

import { type CompiledPolicy, compilePolicy } from './compile.ts'
import type { PolicyKind } from './statement.ts'

export interface PolicyCache {
  /** @throws KmsError `MalformedPolicyDocumentException` */
  compile(text: string, kind: PolicyKind): CompiledPolicy
}

/** Characters of policy text that are kept compiled: 256 policies of the longest kind. */
const DEFAULT_CAPACITY = 8_388_608

export function createPolicyCache(capacity: number = DEFAULT_CAPACITY): PolicyCache {
  const kinds = new Map<PolicyKind, Map<string, CompiledPolicy>>()
  /** Oldest first. */
  const order = new Map<CompiledPolicy, string>()
  let size = 0

  function policiesOf(kind: PolicyKind): Map<string, CompiledPolicy> {
    let policies = kinds.get(kind)
    if (policies === undefined) {
      policies = new Map()
      kinds.set(kind, policies)
    }
    return policies
  }

  function makeRoom(newest: CompiledPolicy): void {
    for (const [policy, text] of order) {
      if (size <= capacity || policy === newest) return
      order.delete(policy)
      policiesOf(policy.kind).delete(text)
      size -= text.length
    }
  }

  return {
    compile(text, kind) {
      const policies = policiesOf(kind)
      const known = policies.get(text)
      if (known !== undefined) {
        // Only a crowded cache need know what was asked for last.
        if (size > capacity / 2) {
          order.delete(known)
          order.set(known, text)
        }
        return known
      }
      const policy = compilePolicy(text, kind)
      policies.set(text, policy)
      order.set(policy, text)
      size += text.length
      makeRoom(policy)
      return policy
    },
  }
}
