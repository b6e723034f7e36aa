/**
 * The condition operators: how each compares, and whether it asks for the opposite.
 *
 * @spec IAM policy reference, condition operators
 */

export type Comparison =
  | 'string'
  | 'string-ignore-case'
  | 'wildcard'
  | 'number'
  | 'date'
  | 'boolean'
  | 'binary'
  | 'ip-address'
  | 'arn'
  | 'presence'

export type Order = '=' | '<' | '<=' | '>' | '>='

export interface Operator {
  readonly comparison: Comparison
  /** Of numbers and dates; everything else is equal or not. */
  readonly order: Order
  /** Met by a request in which the key is absent, too. */
  readonly isNegated: boolean
}

export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...pair('StringEquals', 'StringNotEquals', 'string'),
  ...pair('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'string-ignore-case'),
  ...pair('StringLike', 'StringNotLike', 'wildcard'),
  ...pair('ArnEquals', 'ArnNotEquals', 'arn'),
  ...pair('ArnLike', 'ArnNotLike', 'arn'),
  ...pair('IpAddress', 'NotIpAddress', 'ip-address'),
  ...ordered('Numeric', 'number'),
  ...ordered('Date', 'date'),
  ['Bool', { comparison: 'boolean', order: '=', isNegated: false }],
  ['BinaryEquals', { comparison: 'binary', order: '=', isNegated: false }],
  ['Null', { comparison: 'presence', order: '=', isNegated: false }],
])

function pair(name: string, opposite: string, comparison: Comparison): ReadonlyArray<readonly [string, Operator]> {
  return [
    [name, { comparison, order: '=', isNegated: false }],
    [opposite, { comparison, order: '=', isNegated: true }],
  ]
}

function ordered(prefix: string, comparison: Comparison): ReadonlyArray<readonly [string, Operator]> {
  const orders: ReadonlyArray<readonly [string, Order]> = [
    ['LessThan', '<'],
    ['LessThanEquals', '<='],
    ['GreaterThan', '>'],
    ['GreaterThanEquals', '>='],
  ]
  return [
    ...pair(`${prefix}Equals`, `${prefix}NotEquals`, comparison),
    ...orders.map(([name, order]): readonly [string, Operator] => [
      prefix + name,
      { comparison, order, isNegated: false },
    ]),
  ]
}
