/**
 * Mutants that no test can see, because they change nothing that anybody could: each with its reason.
 *
 * A mutant is known by its file, the code of its line and its title, so that the lines may move.
 */

export interface Harmless {
  readonly file: string
  readonly code: string
  readonly title: string
  readonly reason: string
}

export const HARMLESS: readonly Harmless[] = [
  {
    file: 'deadline',
    code: "if (material.type !== 'Imported' || material.validTo === undefined) return",
    title: "material.type !== 'Imported' || material.validTo === undefined  ->  material.validTo === undefined",
    reason: 'only imported material has a validTo; the type is asked for the compiler',
  },
  {
    file: 'deadline',
    code: 'return Math.max(rotation.nextRotationDate, pending?.rotation?.takesEffectAt ?? 0)',
    title: '0  ->  1',
    reason: 'no rotation is scheduled for the first millisecond of 1970',
  },
  {
    file: 'import',
    code: "const isDue = material?.type === 'Imported' && material.validTo !== undefined && material.validTo <= now",
    title: "material?.type === 'Imported' && material.validTo !== undefined  ->  material?.type === 'Imported'",
    reason: 'undefined is not before any instant; it is asked for the compiler',
  },
  {
    file: 'rotation',
    code: 'if (!rotation.isEnabled || rotation.nextRotationDate >= now || isReplica(life)) return rotation',
    title: '>=  ->  >',
    reason: 'a rotation that is due now is due now either way',
  },
  ...['rotation: { isEnabled: false },  ->  nothing', 'isEnabled: false  ->  nothing', 'false  ->  true'].map(
    (title) => ({
      file: 'multi-region',
      code: 'rotation: { isEnabled: false },',
      title,
      reason: 'a replica that begins has the schedule of its primary before anybody sees it',
    }),
  ),
]
