/** The page of what is covered, printed from the contracts: operation x member x error, with the case of each. */
import { formatTable } from '../../../tools/docs/table.ts'
import {
  type AnyContract,
  type ErrorCase,
  type Later,
  type MemberCase,
  type Never,
  isLater,
  isNever,
} from './contract.ts'
import { errorsOf } from './derived-errors.ts'
import { membersOf } from './derived-members.ts'
import { CONTRACTS } from './operations/index.ts'

type Row = readonly [subject: string, test: string]

export function renderCoverage(): string {
  const contracts: readonly AnyContract[] = Object.values(CONTRACTS)
  const sections = contracts.map((contract) => ({
    contract,
    members: memberRows(contract),
    errors: errorRows(contract),
  }))
  const members = sections.flatMap((section) => section.members)
  const errors = sections.flatMap((section) => section.errors)
  return `# Coverage

<!-- Written by \`pnpm run docs\` from test/conformance/contract. Do not edit. -->

${contracts.length} operations, ${members.length} members of requests and ${errors.length} errors, each with the test
that shows it through the AWS SDK: names, statuses and texts of errors to the letter. A member's test runs a second time
with the member taken out of the request on its way, and must then fail. Where AWS's model lists an error to which no
request leads, the reason stands in its place. The tests are run by
[contract.test.ts](../test/conformance/contract/contract.test.ts), which also fails on a gap.

${sections.map(({ contract, ...rows }) => formatSection(contract, [...rows.members, ...rows.errors])).join('\n\n')}
`
}

function formatSection({ operation, later }: AnyContract, rows: readonly Row[]): string {
  const file = `${operation.replaceAll(/(?<=.)([A-Z])/g, '-$1').toLowerCase()}.ts`
  return `## ${operation}

[${file}](../test/conformance/contract/operations/${file})${later === undefined ? '' : `. Succeeds with ${later}, which come later.`}

${formatTable(['Member or error', 'Test'], rows)}`
}

function memberRows(contract: AnyContract): Row[] {
  return [...membersOf(contract)].map(([path, one]) => [`\`${path}\``, describeMember(one)])
}

function describeMember(one: MemberCase | Later | undefined): string {
  if (one === undefined) return ''
  return isLater(one) ? `_later, with ${one.later}_` : one.does
}

function errorRows(contract: AnyContract): Row[] {
  return [...errorsOf(contract)].map(([code, cases]) => [`\`${code}\``, describeCases(cases)])
}

function describeCases(cases: readonly ErrorCase<object>[] | Later | Never): string {
  if (isLater(cases)) return `_later, with ${cases.later}_`
  return isNever(cases) ? `_never: ${cases.never}_` : cases.map(({ when }) => when).join('; ')
}
