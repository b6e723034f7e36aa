/**
 * What the fuzzer's requests may name: keys of every kind and in every state, in two accounts and Regions, with aliases,
 * grants, tokens, markers, ciphertexts, signatures and import parameters that are real.
 *
 * It is made once. Each world is a store of its own, filled by the commits that made the scene, so that whatever one
 * run of requests does to its keys is forgotten with it.
 */
import { type Hsm, createHsm } from '@softkms/hsm'
import { createNativeProvider } from '@softkms/hsm/native'
import { type Change, type IdentityPolicies, type Store, createIdentityPolicies, createMemoryStore } from '@softkms/kms'
import { type Kms, createKms } from 'softkms'
import { disconnect } from '../support/keys-in-states.ts'
import { ACCOUNT, REGION } from '../support/kms-fixture.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'
import { type Pools, USER } from './fixed-pools.ts'
import { SceneBuilder } from './scene-builder.ts'

const REPLICATION_MS = 60_000

export interface Scene {
  readonly pools: Pools
  /** Requests that succeed in a fresh world, by their operation. */
  readonly good: ReadonlyMap<string, readonly object[]>
  /** A KMS of its own, in the state in which the scene was left. */
  readonly openWorld: () => Promise<World>
}

export interface World {
  readonly kms: Kms
  readonly store: Store
  /** How many commits have changed something since the world began. */
  readonly commits: () => number
}

/** A store that hands each commit that succeeded to `onCommit`. */
function watch(store: Store, onCommit: (changes: readonly Change[]) => void): Store {
  return {
    ...store,
    async commit(changes) {
      const isDone = await store.commit(changes)
      if (isDone) onCommit(changes)
      return isDone
    },
  }
}

function policies(): IdentityPolicies {
  const iam = createIdentityPolicies()
  const statement = { Effect: 'Allow', Action: ['kms:Encrypt', 'kms:Describe*', 'kms:List*'], Resource: '*' }
  iam.set(USER, { identity: [{ Version: '2012-10-17', Statement: [statement] }] })
  return iam
}

export async function buildScene(): Promise<Scene> {
  const hsm: Hsm = createHsm({ provider: createNativeProvider() })
  const clock = createVirtualClock()
  const history: (readonly Change[])[] = []
  const options = {
    hsm,
    clock,
    account: ACCOUNT,
    region: REGION,
    replicationMs: REPLICATION_MS,
    identityPolicies: policies(),
  }
  const store = watch(createMemoryStore(), (changes) => history.push(structuredClone(changes)))
  const kms = await createKms({ ...options, store })
  const builder = new SceneBuilder(kms, () => clock.advance(REPLICATION_MS + 1))
  await builder.build()
  await disconnect({ store, clock }, builder.unavailable.KeyId)
  await kms.performDue()

  return {
    pools: builder.pools(),
    good: builder.good,
    async openWorld() {
      const memory = createMemoryStore()
      for (const changes of history) {
        if (!(await memory.commit(changes))) throw new Error('the scene cannot be made again')
      }
      let count = 0
      const watched = watch(memory, (changes) => {
        if (changes.some(({ type }) => type !== 'ExpectKey')) count += 1
      })
      return { kms: await createKms({ ...options, store: watched }), store: watched, commits: () => count }
    },
  }
}
