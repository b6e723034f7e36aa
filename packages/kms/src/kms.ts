/**
 * The engine: every operation goes through one pipeline.
 *
 * throttle -> validate -> resolve -> authorize -> permit (state, usage) -> perform -> audit
 */

import type { Hsm } from '@softkms/hsm'
import type { Instant } from '@softkms/lifecycle'
import type { AuditEntry, AuditSink } from './audit/audit.ts'
import { createEntry } from './audit/entry.ts'
import { actionsBeyond } from './aws-service/calling-service.ts'
import { findService } from './aws-service/service-table.ts'
import { type Clock, systemClock } from './clock.ts'
import { copyInput } from './copy-input.ts'
import { performDue } from './deadlines.ts'
import { KmsError } from './errors.ts'
import { faultOf, internalFault } from './fault.ts'
import { operationShapes } from './generated/shapes.ts'
import type { OperationName } from './generated/types.ts'
import type { GrantId } from './grant/grant.ts'
import { openGrantToken } from './grant/grant-token.ts'
import { type Ids, createIds } from './ids.ts'
import { type KeyRecord, arnOf } from './key/key.ts'
import { assertStateAllows, assertUsage } from './key/permit-state.ts'
import type { AnyOperation, Permit, Target, Targets } from './operation.ts'
import { OWNER_ACCOUNT, assertManageable, isNameOfOwnedKey, takeOwnedKey } from './managed/managed-key.ts'
import { findOperation } from './operations/index.ts'
import type { Access, AuthorizationMode } from './policy/access.ts'
import { type AuthorizedRequest, createAuthorization } from './policy/authorize.ts'
import type { Explanation } from './policy/explain.ts'
import { type IdentityPolicies, unconfigured } from './policy/identity-policies.ts'
import { type KnownCaller, identify, sessionOf } from './principal/known-caller.ts'
import { quotaOfKey } from './quota/quota-of.ts'
import { AWS_QUOTAS, type ResourceQuotas } from './quota/resource-quotas.ts'
import { type Throttle, createThrottle, unthrottled } from './quota/throttle.ts'
import type { Members, Progress, Request } from './request.ts'
import { RequestNames } from './request-names.ts'
import { assertScope } from './scope.ts'
import type { Caller, ServingKms } from './service.ts'
import { assertContextSizes } from './shape/context-size.ts'
import { validateInput } from './shape/validate.ts'
import { createMemoryStore } from './store/memory.ts'
import type { Store } from './store/store.ts'
import type { PipelineTrace } from './trace.ts'
import type { KeyUse } from './usage/key-use.ts'
import { type UseRecorder, createUseRecorder } from './usage/use-recorder.ts'

export interface KmsServiceOptions extends Partial<ResourceQuotas> {
  readonly hsm: Hsm
  /** Account of callers that name none: 12 digits, default `000000000000`. */
  readonly account?: string
  /** Region of callers that name none, default `us-east-1`. */
  readonly region?: string
  /** Default: in memory. */
  readonly store?: Store
  /** Default: the system's. */
  readonly clock?: Clock
  readonly ids?: Ids
  /** Where requests are recorded; nowhere by default. */
  readonly audit?: AuditSink
  /**
   * How long a replica is being created, a primary Region being updated and a rotation on its way to the replicas, in
   * milliseconds. Default 0: each is done by the next request.
   */
  readonly replicationMs?: number
  /**
   * How long a new grant counts only for requests that bring its token, in milliseconds. Default 0: it counts at once.
   */
  readonly grantDelayMs?: number
  /** Whether AWS's documented request rates are enforced, default `off`. */
  readonly requestRates?: 'off' | 'aws'
  /** Is told of each step of the requests; nobody is by default. */
  readonly trace?: PipelineTrace
  /**
   * Whether policies decide (`enforce`, the default), are asked and recorded in the audit trail but obeyed by other
   * accounts alone (`audit`), or are not asked (`off`): an account's callers may then do anything to its own keys.
   */
  readonly authorization?: AuthorizationMode
  /** The policies of callers. By default every caller has full permission on its own side. */
  readonly identityPolicies?: IdentityPolicies
}

const DEFAULT_ACCOUNT = '000000000000'
const DEFAULT_REGION = 'us-east-1'

/** A request as it comes in. */
interface Asked {
  readonly operation: AnyOperation
  readonly input: unknown
  readonly caller: KnownCaller
  readonly isHypothetical: boolean
}

/** @throws RangeError for a malformed account or Region, or a number of milliseconds or things that is none */
export function createKmsService(options: KmsServiceOptions): ServingKms {
  const { hsm, account = DEFAULT_ACCOUNT, region = DEFAULT_REGION, audit } = options
  const { replicationMs = 0, grantDelayMs = 0 } = options
  const quotas: ResourceQuotas = {
    keysPerRegion: options.keysPerRegion ?? AWS_QUOTAS.keysPerRegion,
    aliasesPerKey: options.aliasesPerKey ?? AWS_QUOTAS.aliasesPerKey,
    grantsPerKey: options.grantsPerKey ?? AWS_QUOTAS.grantsPerKey,
  }
  assertScope(account, region)
  assertCounts({ replicationMs, grantDelayMs, ...quotas })
  const clock = options.clock ?? systemClock
  const store = options.store ?? createMemoryStore()
  const ids = options.ids ?? createIds()
  const uses = createUseRecorder(store)
  const ports = { hsm, store, ids, uses, replicationMs, grantDelayMs, ...quotas }
  const authorization = createAuthorization({
    mode: options.authorization ?? 'enforce',
    policies: options.identityPolicies ?? unconfigured,
    store,
    uses,
  })
  const gates: Gates = { throttle: options.requestRates === 'aws' ? createThrottle(clock) : unthrottled, uses }

  async function execute(name: string, input: unknown, caller: Caller): Promise<object> {
    const operation = findOperation(name)
    if (operation === undefined) throw new KmsError('UnknownOperationException')
    const known = identify(caller)
    caller.signal?.throwIfAborted()
    const progress: Progress = { isValid: false, isAborted: false, denials: [], targets: {} }
    try {
      const request = takeRequest({ operation, input, caller: known, isHypothetical: false }, (authorized) =>
        authorization.accessOf(authorized, progress.denials),
      )
      const output = await (audit === undefined
        ? run(request, gates, progress)
        : runAudited(request, gates, progress, audit))
      noteUses(uses, request, progress)
      return output
    } catch (error) {
      if (error instanceof KmsError || progress.isAborted) throw error
      throw faultOf(error, operation.name)
    }
  }

  function takeRequest(
    { operation, input, caller, isHypothetical }: Asked,
    accessOf: (request: AuthorizedRequest) => Access,
  ): Request {
    const { principal, calling } = caller
    const scope = { account: caller.account, region: caller.region }
    // Members are read only once `validateInput` has found the copy to be a structure.
    const members = copyInput(operationShapes[operation.name].input, input ?? {}) as Members
    const now = readClock()
    const presentedGrants = new Set<GrantId>()
    const session = sessionOf(caller)
    const access = accessOf({ principal, scope, now, input: members, session, presentedGrants })
    return {
      operation,
      input: members,
      context: { scope, principal: principal.arn, calling, isHypothetical, access, now, ...ports },
      presentedGrants,
      names: new RequestNames(ids, caller.requestId),
      signal: caller.signal,
      trace: options.trace,
    }
  }

  async function why(name: string, input: unknown, caller: Caller): Promise<readonly Explanation[]> {
    const operation = findOperation(name)
    if (operation === undefined) throw new KmsError('UnknownOperationException')
    const known = identify(caller)
    const explanations: Explanation[] = []
    const request = takeRequest({ operation, input, caller: known, isHypothetical: true }, (authorized) =>
      authorization.explainingAccessOf(authorized, explanations),
    )
    const { context } = request
    try {
      assertValid(operation.name, request.input)
      await presentGrants(request)
      operation.check?.(request.input, context.scope)
      // What time has brought about is there for every request, and is no doing of this one.
      await performDue(context, context.now)
      // Nothing is performed, so there are no steps to tell.
      await authorizeTargets({ operation, input: request.input, context, trace: undefined }, {})
      return explanations
    } catch (error) {
      throw error instanceof KmsError ? error : internalFault(error)
    }
  }

  function readClock(): Instant {
    return Math.floor(clock.now())
  }

  return {
    defaults: { account, region },
    execute,
    why,
    async ownedKey(name, regionOfKey) {
      const service = findService(name)
      if (service === undefined) throw new RangeError('service must be one that softkms knows')
      assertScope(account, regionOfKey)
      return arnOf(await takeOwnedKey(service, regionOfKey, { ...ports, now: readClock() }))
    },
    async performDue() {
      try {
        await performDue(ports, readClock())
        await uses.write()
      } catch (error) {
        throw error instanceof KmsError ? error : internalFault(error)
      }
    },
  }
}

/** What stands before every request, whichever it is. */
interface Gates {
  readonly throttle: Throttle
  readonly uses: UseRecorder
}

async function run(request: Request, { throttle, uses }: Gates, progress: Progress): Promise<object> {
  const { operation, input, context, signal, trace } = request
  const { quota } = operation
  // What AWS does with its own keys draws on no account's allowance.
  const isOwned = isNameOfOwnedKey(input['KeyId'])
  if (typeof quota === 'string' && quota !== 'cryptography' && !isOwned) {
    throttle.take(context.scope, operation.name, quota)
  }

  assertValid(operation.name, input)
  progress.isValid = true
  await presentGrants(request)
  operation.check?.(input, context.scope)
  trace?.({ step: 'validate', operation: operation.name })

  if (typeof quota === 'function' && !isOwned) throttle.take(context.scope, operation.name, quota(input as never))

  await performDue(context, context.now)
  if (uses.isWriteDue(context.now)) await uses.write()
  const targets: Record<string, Target> = {}
  progress.targets = targets
  await authorizeTargets(request, targets)

  // Which allowance a cryptographic request draws on is known only with its key.
  if (quota === 'cryptography') {
    const [first] = Object.values(targets)
    if (first !== undefined && first.key.account !== OWNER_ACCOUNT) {
      throttle.take(context.scope, operation.name, quotaOfKey(first.key.keySpec))
    }
  }

  forEachTarget(operation, targets, (key) => {
    assertManageable(key, operation, context.principal)
    assertStateAllows(key, operation.name)
  })
  forEachTarget(operation, targets, (key, rule, role) => {
    if (rule.usage !== undefined) assertUsage(key, rule.usage, operation.name)
    trace?.({ step: 'permit', role, key, usage: rule.usage })
  })

  // The last moment at which a request can be called off: from here on it may change something.
  progress.isAborted = signal?.aborted === true
  signal?.throwIfAborted()
  trace?.({ step: 'perform', operation: operation.name })
  const output = await operation.perform(mintPermit(targets), input, context)
  // An operation that takes DryRun changes nothing, or knows where to stop, so performing it tells whether it would succeed.
  if (input['DryRun'] === true) {
    throw new KmsError('DryRunOperationException', 'The request would have succeeded, but the DryRun option is set.')
  }
  return output
}

/**
 * Finds the keys of a request and asks leave for each, and for whatever else the operation asks.
 *
 * Each key is authorized before the next is looked for: what is said of one tells nothing about another.
 */
async function authorizeTargets(
  { operation, input, context, trace }: Pick<Request, 'operation' | 'input' | 'context' | 'trace'>,
  targets: Record<string, Target>,
): Promise<void> {
  const { access, calling } = context
  // Before any key is looked for: what a service cannot ask about tells it nothing.
  if (calling !== undefined) {
    for (const action of actionsBeyond(calling, operation)) access.refuseTo(calling, action)
  }
  const rules = Object.entries(operation.targets)
  for (const [role, rule] of rules) {
    const action = rule.action ?? `kms:${operation.name}`
    const target = await rule.resolve(input, context, action)
    targets[role] = target
    trace?.({ step: 'resolve', role, key: target.key })
    const isNamedByCiphertext = rule.isNamedByCiphertext?.(input) ?? false
    await access.authorize({ action, about: 'key', key: target.key, isNamedByCiphertext, grant: target.grant })
    trace?.({ step: 'authorize', role, key: target.key, action, principal: context.principal })
  }
  if (operation.asks !== undefined) {
    for (const question of await operation.asks(input, context, targets)) await access.authorize(question)
  } else if (rules.length === 0) {
    await access.authorize({ action: `kms:${operation.name}`, about: 'nothing' })
  }
}

/** Leaves one entry for each request, whatever came of it; none for one that was called off and so did nothing. */
async function runAudited(request: Request, gates: Gates, progress: Progress, audit: AuditSink): Promise<object> {
  let errorCode: AuditEntry['errorCode']
  try {
    return await run(request, gates, progress)
  } catch (error) {
    errorCode = (error instanceof KmsError ? error : faultOf(error, request.operation.name)).code
    throw error
  } finally {
    if (!progress.isAborted) await audit.record(createEntry(request, progress, errorCode))
  }
}

/** A request that has succeeded has used the keys of which it asked a usage. A dry run never succeeds. */
function noteUses(uses: UseRecorder, { operation, context, names }: Request, { targets }: Progress): void {
  forEachTarget(operation, targets, (key, { usage }) => {
    if (usage === undefined) return
    // The operations that ask a usage are those that AWS tracks.
    uses.note({ key, at: context.now, operation: operation.name as KeyUse['operation'], names })
  })
}

/** `validateInput` without what it says of the type, which here is that of any operation. */
function assertValid(operation: OperationName, input: Members): void {
  validateInput(operation, input)
  assertContextSizes(input)
}

function forEachTarget(
  operation: AnyOperation,
  targets: Targets,
  visit: (key: KeyRecord, rule: AnyOperation['targets'][string], role: string) => void,
): void {
  for (const [role, rule] of Object.entries(operation.targets)) {
    const target = targets[role]
    if (target !== undefined) visit(target.key, rule, role)
  }
}

/** The only place where a permit is made. */
function mintPermit(targets: Targets): Permit<OperationName, Targets> {
  return { targets } as unknown as Permit<OperationName, Targets>
}

/** @throws KmsError `InvalidGrantTokenException` when any of the request's tokens is none */
async function presentGrants({
  input,
  context,
  presentedGrants,
}: Pick<Request, 'input' | 'context' | 'presentedGrants'>): Promise<void> {
  const tokens = (input['GrantTokens'] ?? []) as readonly string[]
  for (const token of tokens) {
    const { grantId } = await openGrantToken(context.hsm, context.scope.region, token)
    presentedGrants.add(grantId)
  }
}

function assertCounts(counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) {
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`${name} must be a whole number, 0 or more`)
  }
}
