/** What the contracts cover, and what they leave out. */
import type { AnyContract } from './contract.ts'
import { errorsOf } from './derived-errors.ts'
import { membersOf } from './derived-members.ts'
import { listMembers } from './members.ts'

/** Members and errors that have no case, and members that are none. */
export function findGaps(contract: AnyContract): string[] {
  const { operation } = contract
  const known = listMembers(operation)
  return [
    ...[...membersOf(contract)]
      .filter(([, one]) => one === undefined)
      .map(([path]) => `${operation}: no case for ${path}`),
    ...Object.keys(contract.members)
      .filter((path) => !known.includes(path))
      .map((path) => `${operation} has no member ${path}`),
    ...[...errorsOf(contract)]
      .filter(([, cases]) => Array.isArray(cases) && cases.length === 0)
      .map(([code]) => `${operation}: no case for ${code}`),
  ]
}
