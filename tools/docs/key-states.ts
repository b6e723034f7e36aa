/** The page of key states, printed from the table that the engine asks and from the steps that a life takes. */
import { type KeyStateName, PERMITS, type Verdict } from '@softkms/lifecycle'
import { renderStateDiagram } from './state-diagram.ts'
import { formatTable } from './table.ts'

const STATES: readonly KeyStateName[] = [
  'Enabled',
  'Disabled',
  'PendingDeletion',
  'PendingReplicaDeletion',
  'PendingImport',
  'Unavailable',
  'Creating',
  'Updating',
]

/** One sign for each answer, so that the table fits a page. */
const VERDICTS: { readonly [Name in Verdict]: string } = {
  ok: '✓',
  Disabled: 'D',
  Creating: 'S',
  NotPendingDeletion: 'S',
  PendingDeletion: 'S',
  PendingImport: 'S',
  PendingReplicaDeletion: 'S',
  Unavailable: 'S',
  Updating: 'S',
  Origin: 'U',
  OriginOrState: 'S/U',
}

export function renderKeyStates(): string {
  const rows = Object.entries(PERMITS).map(([operation, row]) => [
    operation,
    ...STATES.map((state) => VERDICTS[row[state]]),
  ])
  return `# Key states

<!-- Written by \`pnpm docs\` from packages/lifecycle/src. Do not edit. -->

What moves a key from one state to another. Where nobody moves it, time does: a replica is ready, an update of the
primary Region is over, imported material expires, a waiting period ends.

\`\`\`mermaid
${renderStateDiagram()}
\`\`\`

What each operation gets from a key in each state. An operation that is not here asks for no key, or for none that
must exist.

- ✓ the state allows it
- D \`DisabledException\`
- S \`KMSInvalidStateException\`, which names the state
- U \`UnsupportedOperationException\`: keys in this state have their material from where the operation has no business
- S/U the first for a key whose material is imported, the second for any other

${formatTable(['Operation', ...STATES], rows)}
`
}
