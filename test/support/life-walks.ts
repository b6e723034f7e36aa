/**
 * Random lives: every kind of key, walked through any sequence of commands, with what falls due performed in between.
 *
 * Commands are random in their numbers, too: most make sense somewhere, many are refused.
 */
import {
  type Command,
  DAY_MS,
  type Deadline,
  type DueCommand,
  type Instant,
  type KeyLife,
  type Outcome,
  addDays,
  beginLifeForImport,
  beginSet,
  nextDeadline,
  transition,
} from '@softkms/lifecycle'
import * as fc from 'fast-check'
import { deepFreeze } from './deep-freeze.ts'
import { ABROAD, BIRTH, HOME, KEY_STATES, importedLife, lifeIn, materialOf, newLife, primaryLife } from './key-lives.ts'

/** Whatever falls due next, when it does; or a command, whose instants count from the moment that it is given. */
export type Move = { readonly waitMs: number } & ({ readonly command: Command } | { readonly isDue: true })

const material = fc.nat({ max: 4 }).map(materialOf)
const region = fc.constantFrom(HOME, ABROAD, 'ap-south-1')
/** Milliseconds from now: some of a day, or days. */
const ahead = fc.oneof(
  fc.nat({ max: DAY_MS }),
  fc.nat({ max: 400 }).map((days) => days * DAY_MS),
)
const validTo = fc
  .option(ahead, { nil: undefined })
  .map((instant) => (instant === undefined ? {} : { validTo: instant }))
const said = fc.constantFrom({}, {}, { description: 'first' }, { description: 'second' })

const PLAIN = [
  { type: 'Enable' },
  { type: 'Enable' },
  { type: 'Disable' },
  { type: 'CancelDeletion' },
  { type: 'DisableRotation' },
  { type: 'RotateToImported' },
  { type: 'Disconnect' },
  { type: 'Reconnect' },
  { type: 'FinishCreation' },
  { type: 'FinishUpdate' },
  { type: 'CompleteRotation' },
  { type: 'CompleteDeletion' },
] as const satisfies readonly Command[]

const command: fc.Arbitrary<Command> = fc.oneof(
  { arbitrary: fc.constantFrom<Command>(...PLAIN), weight: 4 },
  fc.record({ type: fc.constant('ScheduleDeletion'), pendingWindowInDays: fc.integer({ min: 7, max: 30 }) }),
  fc.record({ type: fc.constant('EnableRotation'), periodInDays: fc.integer({ min: 90, max: 2560 }) }),
  fc.record(
    {
      type: fc.constant('Rotate'),
      rotationType: fc.constantFrom('AUTOMATIC', 'ON_DEMAND'),
      materialId: fc.constant(''),
      takesEffectAt: ahead,
    },
    { requiredKeys: ['type', 'rotationType', 'materialId'] },
  ),
  {
    arbitrary: fc
      .tuple(fc.constantFrom('ImportNew', 'ImportExisting'), material, validTo, said)
      .map(([type, materialId, expiry, words]) => ({ type, materialId, ...expiry, ...words })),
    weight: 3,
  },
  fc.record({ type: fc.constantFrom('DeleteMaterial', 'ExpireMaterial'), materialId: material }),
  fc.record({ type: fc.constantFrom('AddReplica', 'RemoveReplica'), region }),
  fc.record({ type: fc.constant('UpdatePrimary'), primaryRegion: region, until: ahead }),
)

const wait = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 * DAY_MS }))

export const move: fc.Arbitrary<Move> = fc.oneof(
  { arbitrary: fc.record({ command, waitMs: wait }), weight: 4 },
  { arbitrary: fc.constant({ isDue: true, waitMs: 0 } as const), weight: 1 },
)

export const moves: fc.Arbitrary<readonly Move[]> = fc.array(move, { maxLength: 60, size: 'max' })

/** Keys of every kind, young and in the middle of their lives. */
export const beginning: fc.Arbitrary<KeyLife> = fc.constantFrom(
  newLife(),
  importedLife(),
  importedLife(addDays(BIRTH, 100)),
  deepFreeze(beginLifeForImport()),
  primaryLife(),
  deepFreeze({ ...importedLife(), multiRegion: beginSet(HOME) }),
  ...KEY_STATES.map(lifeIn),
)

/** What to do when a deadline has come. */
export function dueCommand({ due }: Deadline, materialId: string): DueCommand | Extract<Command, { type: 'Rotate' }> {
  return due.type === 'Rotate' ? { type: 'Rotate', rotationType: 'AUTOMATIC', materialId } : due
}

/** The command with its instants as they are when it is given, and the material that is generated for it. */
function given(relative: Command, now: Instant, materialId: string): Command {
  switch (relative.type) {
    case 'Rotate': {
      const { takesEffectAt } = relative
      return { ...relative, materialId, ...(takesEffectAt === undefined ? {} : { takesEffectAt: now + takesEffectAt }) }
    }
    case 'ImportNew':
    case 'ImportExisting':
      return relative.validTo === undefined ? relative : { ...relative, validTo: now + relative.validTo }
    case 'UpdatePrimary':
      return { ...relative, until: now + relative.until }
    default:
      return relative
  }
}

export interface Look {
  readonly before: KeyLife
  readonly command: Command
  readonly now: Instant
  readonly outcome: Outcome
  /** As before where the command was refused; `undefined` at the end. */
  readonly after: KeyLife | undefined
}

/** What a move comes to, and when; `undefined` when nothing is ever due. */
export function commandOf(
  life: KeyLife,
  one: Move,
  before: Instant,
  generated: string,
): { readonly command: Command; readonly now: Instant } | undefined {
  const now = before + one.waitMs
  if ('command' in one) return { command: given(one.command, now, generated), now }
  const deadline = nextDeadline(life)
  return deadline && { command: dueCommand(deadline, generated), now: Math.max(now, deadline.at) }
}

/** Walks a life, frozen at every step, and shows each of them. Stops where the life ends. */
export function walk(life: KeyLife, path: readonly Move[], look: (step: Look) => void): void {
  let before = life
  let now = BIRTH
  for (const [index, one] of path.entries()) {
    // What is imported is one of five; what is generated is new each time.
    const asked = commandOf(before, one, now, materialOf(5 + index))
    if (asked === undefined) continue
    now = asked.now
    const outcome = deepFreeze(transition(before, asked.command, now))
    const after = outcome.type === 'refused' ? before : outcome.type === 'accepted' ? outcome.next : undefined
    look({ before, command: asked.command, now, outcome, after })
    if (after === undefined) return
    before = after
  }
}
