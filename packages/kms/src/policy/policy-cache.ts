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
  const policies = new Map<string, CompiledPolicy>()
  let size = 0
  return {
    compile(text, kind) {
      const name = kind === 'resource-based policy' ? text : `${kind}\n${text}`
      const known = policies.get(name)
      if (known !== undefined) {
        // Only a crowded cache need know what was asked for last.
        if (size > capacity / 2) {
          policies.delete(name)
          policies.set(name, known)
        }
        return known
      }
      const policy = compilePolicy(text, kind)
      policies.set(name, policy)
      size += name.length
      for (const oldest of policies.keys()) {
        if (size <= capacity || oldest === name) break
        policies.delete(oldest)
        size -= oldest.length
      }
      return policy
    },
  }
}
