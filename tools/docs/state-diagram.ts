/**
 * The states and what leads from one to another, found by asking lives in every state for every command: what the
 * diagram shows is what `transition` does.
 */
import {
  type Command,
  type KeyLife,
  type KeyStateName,
  addDays,
  beginLife,
  beginLifeForImport,
  beginReplica,
  beginSet,
  transition,
} from '@softkms/lifecycle'

const NOW = Date.UTC(2030, 0, 1)
const LATER = addDays(NOW, 400)
const FIRST = '0'.repeat(64)
const HOME = 'eu-west-1'
const ABROAD = 'us-west-2'

interface Move {
  readonly label: string
  readonly command: Command
}

const MOVES: readonly Move[] = [
  { label: 'EnableKey', command: { type: 'Enable' } },
  { label: 'DisableKey', command: { type: 'Disable' } },
  { label: 'ScheduleKeyDeletion', command: { type: 'ScheduleDeletion', pendingWindowInDays: 7 } },
  { label: 'CancelKeyDeletion', command: { type: 'CancelDeletion' } },
  { label: 'ImportKeyMaterial', command: { type: 'ImportExisting', materialId: FIRST } },
  { label: 'ImportKeyMaterial', command: { type: 'ImportNew', materialId: FIRST } },
  { label: 'DeleteImportedKeyMaterial', command: { type: 'DeleteMaterial', materialId: FIRST } },
  { label: 'the material expires', command: { type: 'ExpireMaterial', materialId: FIRST } },
  { label: 'UpdatePrimaryRegion', command: { type: 'UpdatePrimary', primaryRegion: ABROAD, until: LATER } },
  { label: 'the last replica is gone', command: { type: 'RemoveReplica', region: ABROAD } },
  { label: 'the replica is ready', command: { type: 'FinishCreation' } },
  { label: 'the update is over', command: { type: 'FinishUpdate' } },
  { label: 'its key store is disconnected', command: { type: 'Disconnect' } },
  { label: 'its key store is connected', command: { type: 'Reconnect' } },
  { label: 'the waiting period is over', command: { type: 'CompleteDeletion' } },
]

export function renderStateDiagram(): string {
  const edges = new Set(BIRTHS.map(({ label, life }) => formatEdge('[*]', life.state.name, label)))
  const seen = new Set<string>()
  const waiting = BIRTHS.map(({ life }) => life)
  for (let life = waiting.pop(); life !== undefined; life = waiting.pop()) {
    const name = JSON.stringify(life)
    if (seen.has(name)) continue
    seen.add(name)
    for (const { label, command } of MOVES) {
      const outcome = transition(life, command, LATER)
      if (outcome.type === 'ended') edges.add(formatEdge(life.state.name, '[*]', label))
      if (outcome.type !== 'accepted') continue
      waiting.push(outcome.next)
      if (outcome.next.state.name !== life.state.name) {
        edges.add(formatEdge(life.state.name, outcome.next.state.name, label))
      }
    }
  }
  return ['stateDiagram-v2', ...[...edges].toSorted()].join('\n')
}

const PRIMARY = accepted({ ...beginLife(FIRST), multiRegion: beginSet(HOME) }, { type: 'AddReplica', region: ABROAD })
const IMPORTED_PRIMARY = accepted(
  accepted(
    { ...beginLifeForImport(), multiRegion: beginSet(HOME) },
    { type: 'ImportNew', materialId: FIRST, validTo: addDays(NOW, 365) },
  ),
  { type: 'AddReplica', region: ABROAD },
)

/** Where lives begin; everything else is reached from here. */
const BIRTHS: readonly { readonly label: string; readonly life: KeyLife }[] = [
  { label: 'CreateKey', life: beginLife(FIRST) },
  { label: 'CreateKey, origin EXTERNAL', life: beginLifeForImport() },
  { label: 'CreateKey', life: PRIMARY },
  { label: 'ReplicateKey', life: beginReplica(PRIMARY, ABROAD, NOW) },
  { label: 'CreateKey', life: IMPORTED_PRIMARY },
  { label: 'ReplicateKey', life: beginReplica(IMPORTED_PRIMARY, ABROAD, NOW) },
]

function accepted(life: KeyLife, command: Command): KeyLife {
  const outcome = transition(life, command, NOW)
  if (outcome.type !== 'accepted') throw new Error(`${command.type} was not accepted`)
  return outcome.next
}

function formatEdge(from: KeyStateName | '[*]', to: KeyStateName | '[*]', label: string): string {
  return `    ${from} --> ${to}: ${label}`
}
