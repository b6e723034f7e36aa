/**
 * Laws of a multi-Region set under any sequence of commands to any of its keys.
 *
 * The set is driven as the engine drives it: a command to one key, the same or its counterpart to another where it is
 * about both, and then all follow their primary.
 *
 * @covers KMS crypto-details §10
 */
import {
  type Command,
  type Instant,
  type KeyLife,
  type KeyVersion,
  type PendingVersion,
  beginReplica,
  beginSet,
  findVersion,
  followPrimary,
  isReplica,
  materialIdsOf,
  regionsOf,
  transition,
} from '@softkms/lifecycle'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { deepFreeze } from '../support/deep-freeze.ts'
import { ABROAD, BIRTH, HOME, importedLife, materialOf, primaryLife, replicaLife } from '../support/key-lives.ts'
import { commandOf, move } from '../support/life-walks.ts'
import { runs } from '../support/runs.ts'

type Lives = ReadonlyMap<string, KeyLife>

const FARTHER = 'ap-south-1'
const imported: KeyLife = deepFreeze({ ...importedLife(), multiRegion: beginSet(HOME) })
const sets = fc.constantFrom<Lives>(
  new Map([[HOME, imported]]),
  new Map([
    [HOME, primaryLife()],
    [ABROAD, replicaLife()],
  ]),
)
const path = fc.array(fc.record({ move, region: fc.constantFrom(HOME, HOME, ABROAD, FARTHER) }), {
  maxLength: 60,
  size: 'max',
})

/** Any two keys of one set, as they come about. */
function eachSet(look: (after: Lives, before: Lives) => void): void {
  fc.assert(
    fc.property(sets, path, (begun, steps) => {
      let now = BIRTH
      let lives = begun
      for (const [index, { move: one, region }] of steps.entries()) {
        const life = lives.get(region)
        const asked = life && commandOf(life, one, now, materialOf(5 + index))
        if (life === undefined || asked === undefined || !isFor(life, asked.command)) continue
        now = asked.now
        const after = take(lives, region, asked.command, now)
        look(after, lives)
        lives = after
      }
    }),
    { numRuns: runs(500, 10_000) },
  )
}

/** The engine asks a key about imported material, or about generated, and never about both. */
function isFor({ versions }: KeyLife, { type }: Command): boolean {
  const isImported = versions.some(({ material }) => material.type !== 'Generated')
  return isImported
    ? !['EnableRotation', 'DisableRotation', 'Rotate'].includes(type)
    : !['ImportNew', 'ImportExisting', 'DeleteMaterial', 'RotateToImported'].includes(type)
}

function take(lives: Lives, region: string, command: Command, now: Instant): Lives {
  const next = new Map(lives)
  const ask = (where: string, asked: Command): boolean => {
    const life = next.get(where)
    const outcome = life && transition(life, asked, now)
    if (outcome === undefined || outcome.type === 'refused') return false
    if (outcome.type === 'ended') next.delete(where)
    else next.set(where, outcome.next)
    return true
  }
  const primaryRegion = lives.get(region)?.multiRegion?.primaryRegion ?? ''
  // The engine asks a replica for no such thing.
  const isPrimarys = ['UpdatePrimary', 'RemoveReplica', 'AddReplica'].includes(command.type)
  if ((isPrimarys && region !== primaryRegion) || command.type === 'RemoveReplica') return lives
  if (!ask(region, command)) return lives
  if (command.type === 'UpdatePrimary' && !ask(command.primaryRegion, command)) return lives
  if (command.type === 'CompleteDeletion') ask(primaryRegion, { type: 'RemoveReplica', region })
  return deepFreeze(followAll(next, command, now))
}

function followAll(lives: Lives, command: Command, now: Instant): Lives {
  const primary = primaryOf(lives)
  if (primary === undefined) return lives
  const followed = new Map(
    Array.from(lives, ([region, life]) => [region, life === primary ? life : followPrimary(life, primary)]),
  )
  const replica = command.type === 'AddReplica' ? beginReplica(primary, command.region, now + 1000) : undefined
  return replica?.multiRegion === undefined ? followed : followed.set(replica.multiRegion.region, replica)
}

const primaryOf = (lives: Lives): KeyLife | undefined => [...lives.values()].find((life) => !isReplica(life))

test('there is one primary as long as there is a key, and every key knows all the others', () => {
  eachSet((lives) => {
    expect([...lives.values()].filter((life) => !isReplica(life))).toHaveLength(lives.size > 0 ? 1 : 0)
    for (const [region, { multiRegion }] of lives) {
      expect(multiRegion?.region).toBe(region)
      expect(multiRegion && regionsOf(multiRegion).toSorted()).toEqual([...lives.keys()].toSorted())
    }
  })
})

test('replicas agree with their primary in everything that is shared', () => {
  eachSet((lives) => {
    const primary = primaryOf(lives)
    for (const life of lives.values()) expect(primary && sharedOf(life)).toStrictEqual(primary && sharedOf(primary))
  })
})

/** All but the state, and what there is of imported material. */
function sharedOf({ rotation, versions, pending, multiRegion }: KeyLife): unknown {
  const named = ({ material, ...version }: KeyVersion | PendingVersion): unknown => ({
    ...version,
    isGenerated: material.type === 'Generated',
  })
  const { region: _, ...set } = multiRegion ?? beginSet('')
  return { rotation, versions: versions.map(named), pending: pending && named(pending), set }
}

test('following changes no state, takes no material away, and done twice is done once', () => {
  eachSet((lives) => {
    const primary = primaryOf(lives)
    if (primary === undefined) return
    for (const life of lives.values()) expect(followPrimary(life, primary)).toStrictEqual(life)
  })
})

test('a command to one key leaves states and imported material of the others alone', () => {
  eachSet((after, before) => {
    const changed = [...after].filter(([region, life]) => {
      const had = before.get(region)
      const common = had === undefined ? [] : materialIdsOf(life).filter((id) => findVersion(had, id) !== undefined)
      return had !== undefined && ownOf(had, common) !== ownOf(life, common)
    })
    const isMove = primaryOf(after)?.multiRegion?.region !== primaryOf(before)?.multiRegion?.region
    // Its counterpart takes a step as well when a primary moves, or learns of the end of its last replica.
    expect(changed.length).toBeLessThanOrEqual(isMove ? 2 : 1)
    if (after.size < before.size) for (const [, life] of changed) expect(isReplica(life)).toBe(false)
  })
})

/** What is a key's own: its state, and what there is of its imported material. */
function ownOf(life: KeyLife, materialIds: readonly string[]): string {
  const materials = materialIds.map((id) => findVersion(life, id)?.material)
  return JSON.stringify([life.state, materials.filter((material) => material?.type !== 'Generated')])
}
