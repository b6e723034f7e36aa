/**
 * One step at a time: where each command leads from each state, and that a refusal leads nowhere.
 *
 * @covers KMS key-states
 */
import {
  type Command,
  type KeyLife,
  type KeyStateName,
  type Refusal,
  addDays,
  beginLife,
  beginLifeForImport,
  transition,
} from '@softkms/lifecycle'
import { describe, expect, test } from 'vitest'
import { ABROAD, BIRTH, FIRST_MATERIAL, HOME, KEY_STATES, lifeIn, materialOf, step } from '../support/key-lives.ts'

const LATER = addDays(BIRTH, 1)

type Result = KeyStateName | { readonly refused: Refusal } | 'gone'

const refused = (reason: Refusal): Result => ({ refused: reason })

interface Case {
  readonly title: string
  readonly command: Command
  /** What most states answer. */
  readonly otherwise: Result | 'itself'
  /** `itself`: the state stays as it is. */
  readonly except: Readonly<Partial<Record<KeyStateName, Result | 'itself'>>>
}

/** The refusals that are named like the state that refuses. */
const BY_STATE = Object.fromEntries(
  KEY_STATES.filter((state) => state !== 'Enabled').map((state) => [state, refused(state as Refusal)]),
)

const CASES: readonly Case[] = [
  {
    title: 'Enable',
    command: { type: 'Enable' },
    otherwise: 'Enabled',
    except: { ...BY_STATE, Disabled: 'Enabled', Unavailable: 'Unavailable' },
  },
  {
    title: 'Disable',
    command: { type: 'Disable' },
    otherwise: 'Disabled',
    except: { ...BY_STATE, Disabled: 'Disabled', Unavailable: 'Unavailable' },
  },
  {
    title: 'ScheduleDeletion',
    command: { type: 'ScheduleDeletion', pendingWindowInDays: 30 },
    otherwise: 'PendingDeletion',
    except: {
      PendingDeletion: refused('PendingDeletion'),
      PendingReplicaDeletion: refused('PendingReplicaDeletion'),
      Updating: refused('Updating'),
    },
  },
  {
    title: 'CancelDeletion',
    command: { type: 'CancelDeletion' },
    otherwise: refused('NotPendingDeletion'),
    except: { PendingDeletion: 'Disabled', PendingReplicaDeletion: 'Disabled' },
  },
  {
    title: 'EnableRotation',
    command: { type: 'EnableRotation', periodInDays: 90 },
    otherwise: 'itself',
    except: {
      ...BY_STATE,
      PendingImport: refused('Origin'),
      Unavailable: refused('Origin'),
      // The primary before has become a replica.
      Updating: refused('NotPrimary'),
    },
  },
  {
    title: 'DisableRotation',
    command: { type: 'DisableRotation' },
    otherwise: 'itself',
    except: {
      ...BY_STATE,
      PendingImport: refused('Origin'),
      Unavailable: refused('Origin'),
      Updating: refused('NotPrimary'),
    },
  },
  {
    title: 'Rotate on demand',
    command: { type: 'Rotate', rotationType: 'ON_DEMAND', materialId: materialOf(2) },
    otherwise: 'itself',
    except: { ...BY_STATE, Unavailable: refused('Origin'), Updating: refused('NotPrimary') },
  },
  {
    title: 'Rotate before its time',
    command: { type: 'Rotate', rotationType: 'AUTOMATIC', materialId: materialOf(2) },
    otherwise: refused('NotDue'),
    except: { ...BY_STATE, Unavailable: refused('Origin'), Updating: refused('NotPrimary') },
  },
  {
    title: 'RotateToImported with nothing pending',
    command: { type: 'RotateToImported' },
    otherwise: refused('NoMaterialPending'),
    except: { ...BY_STATE, Unavailable: refused('Origin'), Updating: refused('NotPrimary') },
  },
  {
    title: 'ImportExisting',
    command: { type: 'ImportExisting', materialId: FIRST_MATERIAL },
    otherwise: 'itself',
    except: {
      Creating: refused('Creating'),
      PendingDeletion: refused('OriginOrState'),
      PendingReplicaDeletion: refused('OriginOrState'),
      PendingImport: 'Enabled',
      Unavailable: refused('Origin'),
    },
  },
  {
    title: 'ImportNew',
    command: { type: 'ImportNew', materialId: materialOf(9) },
    otherwise: 'itself',
    except: {
      Creating: refused('Creating'),
      PendingDeletion: refused('OriginOrState'),
      PendingReplicaDeletion: refused('OriginOrState'),
      Unavailable: refused('Origin'),
      Updating: refused('NotPrimary'),
    },
  },
  {
    title: 'DeleteMaterial',
    command: { type: 'DeleteMaterial', materialId: FIRST_MATERIAL },
    otherwise: 'PendingImport',
    except: {
      Creating: refused('Creating'),
      PendingDeletion: 'PendingDeletion',
      PendingReplicaDeletion: 'PendingReplicaDeletion',
      Unavailable: refused('Origin'),
      Updating: refused('Updating'),
    },
  },
  {
    title: 'AddReplica',
    command: { type: 'AddReplica', region: 'ap-south-1' },
    otherwise: refused('NotPrimary'),
    except: BY_STATE,
  },
  {
    title: 'UpdatePrimary',
    command: { type: 'UpdatePrimary', primaryRegion: ABROAD, until: LATER },
    otherwise: refused('NotPrimary'),
    // It is the very replica that it was made to be.
    except: { ...BY_STATE, Updating: refused('NotPrimary') },
  },
  {
    title: 'RemoveReplica of a Region without one',
    command: { type: 'RemoveReplica', region: HOME },
    otherwise: refused('NotPrimary'),
    except: { PendingReplicaDeletion: refused('UnknownReplica') },
  },
  {
    title: 'Disconnect',
    command: { type: 'Disconnect' },
    otherwise: 'Unavailable',
    except: {
      PendingDeletion: 'PendingDeletion',
      Creating: refused('Origin'),
      PendingImport: refused('Origin'),
      PendingReplicaDeletion: refused('Origin'),
      Updating: refused('Origin'),
    },
  },
  {
    title: 'Reconnect',
    command: { type: 'Reconnect' },
    otherwise: 'itself',
    except: {
      Unavailable: 'Enabled',
      Creating: refused('Origin'),
      PendingImport: refused('Origin'),
      PendingReplicaDeletion: refused('Origin'),
      Updating: refused('Origin'),
    },
  },
  {
    title: 'FinishCreation',
    command: { type: 'FinishCreation' },
    otherwise: refused('NotDue'),
    except: { Creating: 'Enabled' },
  },
  {
    title: 'FinishUpdate',
    command: { type: 'FinishUpdate' },
    otherwise: refused('NotDue'),
    except: { Updating: 'Enabled' },
  },
  {
    title: 'CompleteRotation with none in progress',
    command: { type: 'CompleteRotation' },
    otherwise: refused('NotDue'),
    except: {},
  },
  {
    title: 'ExpireMaterial that does not expire',
    command: { type: 'ExpireMaterial', materialId: FIRST_MATERIAL },
    otherwise: refused('NotDue'),
    except: {},
  },
  {
    title: 'CompleteDeletion before its time',
    command: { type: 'CompleteDeletion' },
    otherwise: refused('NotDue'),
    except: {},
  },
]

const TRIALS = CASES.flatMap(({ title, command, otherwise, except }) =>
  KEY_STATES.map((state) => ({ title, command, state, result: except[state] ?? otherwise })),
)

describe('each command in each state', () => {
  test.each(TRIALS)('$title asked of a key that is $state', ({ command, state, result }) => {
    const life = lifeIn(state)
    const before = structuredClone(life)
    const outcome = transition(life, command, LATER)
    if (typeof result === 'object') expect(outcome).toStrictEqual({ type: 'refused', reason: result.refused })
    else {
      const name = result === 'itself' ? state : result
      expect(outcome).toMatchObject({ type: 'accepted', next: { state: { name } } })
    }
    // The life is frozen, so that whatever changed it would have thrown; equal it must be all the same.
    expect(life).toStrictEqual(before)
  })

  test.each(TRIALS)('$title keeps what it is not about, of a key that is $state', ({ command, state }) => {
    const life = lifeIn(state)
    const outcome = transition(life, command, LATER)
    const { next, effects } = outcome.type === 'accepted' ? outcome : { next: life, effects: [] }
    const isAboutRotation = command.type.includes('Rotat')
    const isAboutMaterial = isAboutRotation || command.type.startsWith('Import') || command.type.endsWith('Material')
    expect(isAboutRotation ? life.rotation : next.rotation).toStrictEqual(life.rotation)
    expect(isAboutMaterial ? life.versions : next.versions).toStrictEqual(life.versions)
    expect(isAboutMaterial ? [] : effects).toEqual([])
    expect(isAboutRotation ? next.state : life.state).toStrictEqual(life.state)
  })

  test.each(TRIALS)('$title twice gives the same outcome twice, of a key that is $state', ({ command, state }) => {
    const life: KeyLife = lifeIn(state)
    expect(transition(life, command, LATER)).toStrictEqual(transition(life, command, LATER))
  })
})

test('a key is born enabled, with one version, not rotating', () => {
  expect(beginLife(FIRST_MATERIAL)).toStrictEqual({
    state: { name: 'Enabled' },
    rotation: { isEnabled: false },
    versions: [{ materialId: FIRST_MATERIAL, material: { type: 'Generated' } }],
  })
})

test('a key for imported material is born without any, and waits', () => {
  expect(beginLifeForImport()).toStrictEqual({
    state: { name: 'PendingImport' },
    rotation: { isEnabled: false },
    versions: [],
  })
})

test('no state has a field of another', () => {
  const fields = { Creating: ['readyAt'], PendingDeletion: ['deletionDate'], Updating: ['until'] }
  const more = { PendingReplicaDeletion: ['pendingWindowInDays'], Unavailable: ['isEnabled'] }
  for (const state of KEY_STATES) {
    const expected = { ...fields, ...more }[state as string] ?? []
    expect(Object.keys(lifeIn(state).state).toSorted()).toEqual(['name', ...expected].toSorted())
  }
})

test('a switch turned while the store is disconnected is seen when it is connected again', () => {
  const turned = transition(lifeIn('Unavailable'), { type: 'Disable' }, LATER)
  if (turned.type !== 'accepted') throw new Error('a key that is unavailable can be disabled')
  expect(transition(turned.next, { type: 'Reconnect' }, LATER)).toMatchObject({ next: { state: { name: 'Disabled' } } })
})

test('a key whose store is disconnected is switched off and on in earnest when it is connected again', () => {
  const off = step(lifeIn('Unavailable'), { type: 'Disable' })
  expect(off.state).toStrictEqual({ name: 'Unavailable', isEnabled: false })
  const on = step(off, { type: 'Enable' })
  expect(on).toStrictEqual(lifeIn('Unavailable'))
  expect(step(on, { type: 'Reconnect' }).state).toStrictEqual({ name: 'Enabled' })
})
