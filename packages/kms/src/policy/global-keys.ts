/**
 * The condition keys that every AWS service has, as far as the engine itself knows their values.
 *
 * The others, such as `aws:SourceIp` or `aws:PrincipalTag/...`, are what the front door says of its caller.
 *
 * @spec IAM global condition context keys
 */

import { identityArnOf } from '../principal/principal.ts'
import { type ConditionKey, listOf, row } from './condition-keys.ts'
import type { RequestFacts } from './request-facts.ts'

const MS_PER_SECOND = 1000

export const GLOBAL_KEYS: ReadonlyMap<string, ConditionKey> = new Map([
  all('aws:CurrentTime', ({ now }) => [new Date(now).toISOString()]),
  all('aws:EpochTime', ({ now }) => [String(Math.floor(now / MS_PER_SECOND))]),
  all('aws:PrincipalAccount', ({ principal }) => listOf(principal.account)),
  all('aws:PrincipalArn', ({ principal }) => listOf(identityArnOf(principal))),
  all('aws:PrincipalIsAWSService', ({ principal }) => [String(principal.type === 'service')]),
  all('aws:PrincipalServiceName', ({ principal }) => (principal.type === 'service' ? [principal.arn] : undefined)),
  all('aws:PrincipalType', readPrincipalType),
  all('aws:RequestedRegion', ({ scope }) => [scope.region]),
  all('aws:ResourceAccount', ({ key }) => listOf(key?.account)),
  all('aws:userid', readUserId),
  all('aws:username', ({ principal }) => (principal.type === 'user' ? [principal.name] : undefined)),
  all('aws:ViaAWSService', ({ session }) => [String(session.has('kms:viaservice'))]),
  row('aws:TagKeys', 'CreateKey TagResource UntagResource', ({ input }) => [
    ...tagsOf(input).map(([key]) => key),
    ...(listOf(input['TagKeys']) ?? []),
  ]),
])

export const GLOBAL_KEY_FAMILIES: ReadonlyArray<readonly [prefix: string, ConditionKey]> = [
  row('aws:RequestTag/', 'CreateKey TagResource', ({ input }, name) => valuesNamed(name, tagsOf(input))),
  row('aws:ResourceTag/', 'any key', ({ key }, name) =>
    valuesNamed(
      name,
      (key?.tags ?? []).map((tag): readonly [string, string] => [tag.key, tag.value]),
    ),
  ),
]

function all(name: string, read: ConditionKey['read']): [string, ConditionKey] {
  return [name.toLowerCase(), { actions: 'all', read }]
}

function readPrincipalType({ principal }: RequestFacts): readonly string[] | undefined {
  switch (principal.type) {
    case 'root':
      return ['Account']
    case 'user':
      return ['User']
    case 'role':
    case 'assumed-role':
      return ['AssumedRole']
    case 'federated-user':
      return ['FederatedUser']
    case 'service':
      return undefined
    default:
      return principal satisfies never
  }
}

/** Ids of users and roles are IAM's, and not to be had from an ARN: those the front door may know. */
function readUserId({ principal, session }: RequestFacts): readonly string[] | undefined {
  switch (principal.type) {
    case 'root':
      return [principal.account]
    case 'federated-user':
      return [`${principal.account}:${principal.name}`]
    case 'service':
      return undefined
    case 'user':
    case 'role':
    case 'assumed-role':
      return session.get('aws:userid')
    default:
      return principal satisfies never
  }
}

/** The tags of a request that creates a key or tags one. */
function tagsOf({ Tags: tags }: RequestFacts['input']): ReadonlyArray<readonly [key: string, value: string]> {
  if (!Array.isArray(tags)) return []
  return (tags as ReadonlyArray<{ readonly TagKey: string; readonly TagValue: string }>).map((tag) => [
    tag.TagKey,
    tag.TagValue,
  ])
}

/** Names of tags in condition keys are compared without regard to case. */
function valuesNamed(name: string, tags: ReadonlyArray<readonly [key: string, value: string]>): readonly string[] {
  return tags.flatMap(([key, value]) => (key.toLowerCase() === name ? [value] : []))
}
