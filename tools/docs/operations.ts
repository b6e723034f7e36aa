/** The page of which operations are there, printed from the table that the engine runs. */
import { OPERATIONS } from '@softkms/kms'
import type { AnyOperation } from '../../packages/kms/src/operation.ts'
import { REQUEST_RATES, SHARED_QUOTAS } from '../../packages/kms/src/quota/request-rates.ts'
import { formatTable } from './table.ts'

export function renderOperations(): string {
  const implemented: readonly AnyOperation[] = Object.values(OPERATIONS)
  return `# Operations

<!-- Written by \`pnpm run docs\` from packages/kms/src/operations/index.ts. Do not edit. -->

All ${implemented.length} operations of AWS KMS are there. Those of custom key stores answer what AWS does where there is no
such store, as there is none yet. Requests per second are what AWS documents for one account in one
Region, where it does not differ by Region; they are enforced only when you ask for it. Rates that several operations
share are marked so.

${formatTable(['Operation', 'IAM actions', 'Writes', 'Requests per second'], implemented.map(formatRow))}
`
}

function formatRow(operation: AnyOperation): string[] {
  const actions = Object.values(operation.targets).map(({ action }) => action ?? `kms:${operation.name}`)
  return [
    operation.name,
    [...new Set(actions.length === 0 ? [`kms:${operation.name}`] : actions)]
      .map((action) => `\`${action}\``)
      .join(', '),
    operation.isReadOnly ? '' : 'yes',
    formatRate(operation.quota),
  ]
}

function formatRate(quota: AnyOperation['quota']): string {
  if (typeof quota === 'function') return 'by key pair spec'
  if (quota === 'cryptography') return 'by key spec'
  const rate = REQUEST_RATES[quota].perSecond.toLocaleString('en')
  return SHARED_QUOTAS.has(quota) ? `${rate}, shared` : rate
}
