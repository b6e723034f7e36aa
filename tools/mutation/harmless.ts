/**
 * Mutants that no test can see, because they change nothing that anybody could: each with its reason.
 *
 * A mutant is known by its file and title, so that the lines may move.
 */

export interface Harmless {
  readonly file: string
  readonly title: string
  readonly reason: string
}

export const HARMLESS: readonly Harmless[] = [
  {
    file: 'deadline',
    title: "material.type !== 'Imported' || material.validTo === undefined  ->  material.validTo === undefined",
    reason: 'only imported material has a validTo; the type is asked for the compiler',
  },
  {
    file: 'deadline',
    title: '0  ->  1',
    reason: 'no rotation is scheduled for the first millisecond of 1970',
  },
  {
    file: 'import',
    title: "material?.type === 'Imported' && material.validTo !== undefined  ->  material?.type === 'Imported'",
    reason: 'undefined is not before any instant; it is asked for the compiler',
  },
]
