export type {
  Command,
  DueCommand,
  ImportCommand,
  KeyStoreCommand,
  MultiRegionCommand,
  RotationCommand,
} from './command.ts'
export { type Deadline, deadlines, nextDeadline } from './deadline.ts'
export { type Effect, effectsOf } from './effect.ts'
export { DAY_MS, type Instant, addDays } from './instant.ts'
export {
  type KeyLife,
  type KeyVersion,
  type Material,
  type PendingVersion,
  type RotationType,
  beginLife,
  beginLifeForImport,
  currentVersion,
  findVersion,
  hasAllMaterial,
  materialIdsOf,
} from './key-life.ts'
export {
  type MultiRegionSet,
  beginReplica,
  beginSet,
  followPrimary,
  isPendingEverywhere,
  isReplica,
  regionsOf,
} from './multi-region.ts'
export type { Outcome, Refusal } from './outcome.ts'
export { PERMITS, type PermitRow, type StateRefusal, type StatefulOperation, type Verdict } from './permits.ts'
export {
  DEFAULT_ROTATION_PERIOD_DAYS,
  ON_DEMAND_ROTATION_LIMIT,
  type RotationSchedule,
  beginManagedLife,
  countOnDemandRotations,
} from './rotation.ts'
export type { KeyState, KeyStateName } from './state.ts'
export { transition } from './transition.ts'
