export type { Command } from './command.ts'
export { type Deadline, nextDeadline } from './deadline.ts'
export { DAY_MS, type Instant, addDays } from './instant.ts'
export { type KeyLife, type KeyVersion, type RotationType, beginLife, currentVersion } from './key-life.ts'
export { PERMITS, type StateRefusal, type StatefulOperation, type Verdict } from './permits.ts'
export {
  DEFAULT_ROTATION_PERIOD_DAYS,
  ON_DEMAND_ROTATION_LIMIT,
  type RotationSchedule,
  countOnDemandRotations,
} from './rotation.ts'
export type { KeyState, KeyStateName } from './state.ts'
export { type Effect, type Outcome, type Refusal, transition } from './transition.ts'
