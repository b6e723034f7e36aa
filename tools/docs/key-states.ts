/** The page of what a key allows in which state, printed from the table that the engine asks. */
import { PERMITS, type KeyStateName, type Verdict } from '@softkms/lifecycle'
import { formatTable } from './table.ts'

const STATES: readonly KeyStateName[] = ['Enabled', 'Disabled', 'PendingDeletion']

const VERDICTS: { readonly [Name in Verdict]: string } = {
  ok: 'allowed',
  Disabled: '`DisabledException`',
  PendingDeletion: '`KMSInvalidStateException`',
  NotPendingDeletion: '`KMSInvalidStateException`',
}

export function renderKeyStates(): string {
  const rows = Object.entries(PERMITS).map(([operation, row]) => [
    operation,
    ...STATES.map((state) => VERDICTS[row[state]]),
  ])
  return `# Key states

<!-- Written by \`pnpm docs\` from packages/lifecycle/src/permits.ts. Do not edit. -->

What each operation gets from a key in each state. An operation that is not here asks for no key, or for none that
must exist. States that come with imported material, custom key stores and multi-Region keys are not there yet.

${formatTable(['Operation', ...STATES], rows)}
`
}
