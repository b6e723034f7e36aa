/** Just enough SVG: elements with attributes, text that is escaped. */

export type Attributes = Readonly<Record<string, string | number>>

/** @param children markup, as this function and `escapeText` give it */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeText(format(value))}"`)
  const head = `<${name}${written.join('')}`
  return children.length === 0 ? `${head}/>` : `${head}>${children.join('')}</${name}>`
}

export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** Tenths of a unit are more than anybody sees. */
function format(value: string | number): string {
  return typeof value === 'number' ? String(Math.round(value * 10) / 10) : value
}
