/** Strings as a list in generated code, one level in: on one line where they fit, else one a line. */
const MOST_ON_ONE_LINE = 100

export function generateList(values: readonly string[]): string {
  const quoted = values.map((value) => `'${value}'`)
  const line = quoted.join(', ')
  return line.length <= MOST_ON_ONE_LINE ? `[${line}]` : `[\n${quoted.map((value) => `    ${value},\n`).join('')}  ]`
}
