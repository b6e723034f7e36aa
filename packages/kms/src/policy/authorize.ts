/**
 * May this caller do this to this key?
 *
 * The single place where that is decided: the pipeline asks it for each key before anything is done, and `why` asks it
 * for the reasons.
 *
 * @spec KMS authorization §1, §3, §4, §5
 */

import type { CallingService } from '../aws-service/calling-service.ts'
import type { GrantId } from '../grant/grant.ts'
import { formatKeyArn } from '../key/key-id.ts'
import type { Principal } from '../principal/principal.ts'
import type { Members } from '../request.ts'
import type { Scope } from '../scope.ts'
import type { Store } from '../store/store.ts'
import { type KeyUses, createUseRecorder } from '../usage/use-recorder.ts'
import { type DeniedRequest, accessDenied, describeRefusal } from './access-denied.ts'
import type { Access, AccessQuestion, AuthorizationMode } from './access.ts'
import type { CompiledPolicy } from './compile.ts'
import { CROSS_ACCOUNT_ACTIONS } from './action.ts'
import { type CallerPolicies, type KeyPolicies, decide, policiesOf } from './decide.ts'
import type { Decision, Refusal } from './decision.ts'
import { type Explanation, explain, explainRefusal } from './explain.ts'
import { LOCKOUT, malformed } from './fault.ts'
import { MAX_ALIASES, gatherFacts } from './gather-facts.ts'
import { type KeyQuestion, canGrantsTurn, strengthOfGrants, traceGrantsOnKey } from './grants-on-key.ts'
import type { ControlLevels, IdentityPolicies } from './identity-policies.ts'
import { type PolicyCache, createPolicyCache } from './policy-cache.ts'
import type { RequestContext } from './request-context.ts'
import { type KeyFacts, createConditionValues } from './request-facts.ts'
import type { PolicyKind } from './statement.ts'

/** A request as far as it can be authorized. */
export interface AuthorizedRequest {
  readonly principal: Principal
  readonly scope: Scope
  readonly now: number
  readonly input: Members
  /** What the front door knows of the caller, by condition keys in lower case. */
  readonly session: ReadonlyMap<string, readonly string[]>
  /** Ids of the grants whose tokens the request brings. */
  readonly presentedGrants?: ReadonlySet<GrantId>
}

export interface Authorization {
  /** @param denials is told what mode `audit` lets pass */
  accessOf(request: AuthorizedRequest, denials: string[]): Access
  /** Access that refuses nothing and adds each decision to `explanations`. */
  explainingAccessOf(request: AuthorizedRequest, explanations: Explanation[]): Access
}

export interface AuthorizationOptions {
  readonly mode: AuthorizationMode
  readonly policies: IdentityPolicies
  readonly store: Store
  /** Default: what the store knows of them. */
  readonly uses?: KeyUses
}

/** What a question comes to, ready to be decided. */
interface Case {
  readonly context: RequestContext
  readonly caller: CallerPolicies
  readonly key: KeyPolicies | undefined
  /** Set when a policy asks for the names of more aliases than it may. */
  readonly hasTooManyAliases: boolean
}

export function createAuthorization({
  mode,
  policies,
  store,
  uses = createUseRecorder(store),
}: AuthorizationOptions): Authorization {
  const cache = createPolicyCache()

  async function prepare(question: AccessQuestion, request: AuthorizedRequest): Promise<Case> {
    const { principal } = request
    const caller = await compileCaller(cache, policies, principal)
    const key = question.about === 'key' ? await compileKey(cache, policies, question) : undefined
    const facts = await gatherFacts({ store, uses }, question, request, (name) => isKeyAskedFor(name, caller, key))
    const context: RequestContext = {
      principal,
      action: question.action,
      resource: resourceOf(question),
      valuesOf: createConditionValues(facts),
    }
    return {
      context,
      caller,
      key,
      hasTooManyAliases: facts.aliases !== undefined && facts.aliases.length > MAX_ALIASES,
    }
  }

  /** By policies first, which settle most questions, and then by grants. */
  async function decideQuestion(
    question: AccessQuestion,
    request: AuthorizedRequest,
  ): Promise<Case & { readonly decision: Decision }> {
    const prepared = await prepare(question, request)
    const decision = decideCase(prepared)
    if (prepared.key === undefined || question.about !== 'key' || !canGrantsTurn(decision, question)) {
      return { ...prepared, decision }
    }
    const key = { ...prepared.key, granted: await strengthOfGrants(store, question, request) }
    return { ...prepared, key, decision: decideCase({ ...prepared, key }) }
  }

  return {
    accessOf(request, denials) {
      let asked: AccessQuestion | undefined
      return {
        async authorize(question) {
          // A key that a ciphertext must be of is asked about before the ciphertext is looked at, and by the pipeline.
          if (isSameQuestion(question, asked)) return
          asked = question
          if (mode === 'off') {
            if (!isForeign(question, request)) return
            // A service is of no account: the policies of keys of others, its own among them, decide for it.
            if (request.principal.type !== 'service') {
              throw accessDenied(deniedRequest(question, request), { type: 'foreign' })
            }
          }
          const { decision } = await decideQuestion(question, request)
          if (decision.isAllowed) return
          const denied = deniedRequest(question, request)
          // Other accounts stay out even where refusals are only recorded.
          if (mode === 'enforce' || denied.isForeign) throw accessDenied(denied, decision.refusal)
          const denial = describeRefusal(denied, decision.refusal)
          if (!denials.includes(denial)) denials.push(denial)
        },
        refuseTo(calling, action) {
          const { arn } = request.principal
          throw accessDenied({ principal: arn, action, isNamedByCiphertext: false, isForeign: false }, beyond(calling))
        },
        async assertNotLockedOut(key) {
          if (mode !== 'enforce' || request.input['BypassPolicyLockoutSafetyCheck'] === true) return
          const scope = { ...request.scope, region: key.region }
          const later = await prepare({ action: 'kms:PutKeyPolicy', about: 'key', key }, { ...request, scope })
          if (!decideCase(later).isAllowed) throw malformed(LOCKOUT)
        },
      }
    },
    explainingAccessOf(request, explanations) {
      let asked: AccessQuestion | undefined
      return {
        async authorize(question) {
          if (isSameQuestion(question, asked)) return
          asked = question
          const { context, caller, key, decision } = await decideQuestion(question, request)
          const grants = question.about === 'key' ? await traceGrantsOnKey(store, question, request) : []
          explanations.push({ ...explain(context, caller, key, grants), decision })
        },
        refuseTo(calling, action) {
          explanations.push(explainRefusal(request.principal, action, beyond(calling)))
        },
        assertNotLockedOut: async () => undefined,
      }
    },
  }
}

/** What AWS says of it: a forwarded session, or the service itself, has no policy that would allow it. */
function beyond({ service, isForwarding }: CallingService): Refusal {
  return { type: 'service', kind: isForwarding ? 'session policy' : 'identity-based policy', service: service.title }
}

/** Records are immutable: the same record has the same policy. */
function isSameQuestion(question: AccessQuestion, other: AccessQuestion | undefined): boolean {
  if (question.about !== 'key' || other?.about !== 'key') return false
  return question.action === other.action && question.key === other.key && question.grant === other.grant
}

function decideCase({ context, caller, key, hasTooManyAliases }: Case): Decision {
  const decision = decide(context, caller, key)
  if (!decision.isAllowed || !hasTooManyAliases) return decision
  return { isAllowed: false, refusal: { type: 'implicit', kind: 'identity-based policy' } }
}

async function compileCaller(
  cache: PolicyCache,
  policies: IdentityPolicies,
  principal: Principal,
): Promise<CallerPolicies> {
  if (principal.type === 'service') return { identity: [] }
  const ofAccount = policies.policiesOfAccount(principal.account)
  const { serviceControl } = ofAccount instanceof Promise ? await ofAccount : ofAccount
  const control = compileLevels(cache, serviceControl, 'service control policy')
  if (principal.type === 'root') return { identity: 'full', serviceControl: control }
  const own = policies.policiesOf(principal)
  const { identity, boundary, session } = own instanceof Promise ? await own : own
  return {
    identity: identity?.map((text) => cache.compile(text, 'identity-based policy')) ?? 'full',
    boundary: boundary === undefined ? undefined : cache.compile(boundary, 'permissions boundary'),
    session: session?.map((text) => cache.compile(text, 'session policy')),
    serviceControl: control,
  }
}

async function compileKey(
  cache: PolicyCache,
  policies: IdentityPolicies,
  { action, key }: KeyQuestion,
): Promise<KeyPolicies> {
  const ofAccount = policies.policiesOfAccount(key.account)
  const { resourceControl } = ofAccount instanceof Promise ? await ofAccount : ofAccount
  return {
    account: key.account,
    policy: cache.compile(key.policy, 'resource-based policy'),
    isCrossAccount: CROSS_ACCOUNT_ACTIONS.has(action),
    isByGrantAlone: action === 'kms:RetireGrant',
    resourceControl: isBeyondControl(action, key)
      ? undefined
      : compileLevels(cache, resourceControl, 'resource control policy'),
  }
}

/** AWS managed keys, and the end of grants, no organization controls. @spec KMS Developer Guide, resource control policies */
function isBeyondControl(action: string, { managedBy }: KeyFacts): boolean {
  return managedBy !== undefined || action === 'kms:RetireGrant'
}

function compileLevels(
  cache: PolicyCache,
  levels: ControlLevels | undefined,
  kind: PolicyKind,
): ReadonlyArray<readonly CompiledPolicy[]> | undefined {
  return levels?.map((texts) => texts.map((text) => cache.compile(text, kind)))
}

function isKeyAskedFor(name: string, caller: CallerPolicies, key: KeyPolicies | undefined): boolean {
  return policiesOf(caller, key).some(({ keys }) => keys.has(name))
}

function resourceOf(question: AccessQuestion): string {
  switch (question.about) {
    case 'key':
      return formatKeyArn(question.key, question.key.keyId)
    case 'alias':
      return question.arn
    case 'nothing':
      return '*'
    default:
      return question satisfies never
  }
}

function isForeign(question: AccessQuestion, { scope }: AuthorizedRequest): boolean {
  return question.about === 'key' && question.key.account !== scope.account
}

function deniedRequest(question: AccessQuestion, request: AuthorizedRequest): DeniedRequest {
  const isUnnamed = question.about === 'nothing' && question.isResourceNamed === false
  return {
    principal: request.principal.arn,
    action: question.action,
    resource: isUnnamed ? undefined : resourceOf(question),
    isNamedByCiphertext: question.about === 'key' && question.isNamedByCiphertext === true,
    isForeign: isForeign(question, request),
  }
}
