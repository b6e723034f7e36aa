/** Layouts as data: fields of fixed length in their order, from which codecs and annotators both take their offsets. */

/** From a field's name to its length in bytes, in the order in which the fields stand. */
export type Layout = Readonly<Record<string, number>>

/** Where each field of a layout begins. */
export function offsetsOf<L extends Layout>(layout: L): { readonly [Field in keyof L]: number } {
  let at = 0
  const offsets = Object.entries(layout).map(([field, length]) => {
    const offset = at
    at += length
    return [field, offset] as const
  })
  return Object.fromEntries(offsets) as { readonly [Field in keyof L]: number }
}

/** The length of a layout's fields together. */
export function lengthOf(layout: Layout): number {
  return Object.values(layout).reduce((sum, length) => sum + length, 0)
}
