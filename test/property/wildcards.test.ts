/**
 * Patterns match what they mean, whatever the way in which their pieces are searched for.
 *
 * @covers IAM policy grammar, wildcards
 */
import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { type PolicyScene, USER, allow, policyOf, reasonsFor, startPolicyScene } from '../support/policy-scene.ts'
import { runs } from '../support/runs.ts'

const KEY = 'aws:PrincipalTag/probe'

let scene: PolicyScene
beforeAll(async () => {
  scene = await startPolicyScene()
})

async function isMet(pattern: string, value: string, part?: string): Promise<boolean> {
  scene.iam.set(USER, { identity: [policyOf(allow({ Condition: { StringLike: { [KEY]: pattern } } }))] })
  const conditionKeys = { [KEY]: value, ...(part === undefined ? {} : { 'aws:PrincipalTag/part': part }) }
  const [reason] = await reasonsFor(scene.kms.as(USER, { conditionKeys }), 'ListKeys')
  return reason === 'allowed by identity policy'
}

/** A literal reading: which beginnings of the text the beginning of the pattern can mean, one character at a time. */
function means(pattern: string, text: string): boolean {
  let reached = [true, ...Array.from(text, () => false)]
  for (const character of pattern.split('')) {
    const next = reached.map(() => false)
    for (let i = 0; i < reached.length; i++) {
      if (character === '*') next[i] = reached[i] === true || (i > 0 && next[i - 1] === true)
      else if (i > 0) next[i] = reached[i - 1] === true && (character === '?' || character === text[i - 1])
    }
    reached = next
  }
  return reached.at(-1) === true
}

const letters = (minLength: number, maxLength: number, units: readonly string[]): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...units), { minLength, maxLength }).map((all) => all.join(''))

/** Pieces of every length about that of a machine word, of few letters, so that they nearly fit in many places. */
const piece = fc.oneof(letters(0, 4, ['a', 'b']), letters(0, 4, ['a', '?']), letters(30, 70, ['a', 'a', 'a', 'b', '?']))
const literal = letters(30, 70, ['a', 'a', 'a', 'b'])
const pattern = fc.array(fc.oneof(piece, literal), { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join('*'))

test('a text matches if, and only if, the pattern means it', { timeout: runs(60_000, 600_000) }, async () => {
  let matches = 0
  const filling = letters(0, 40, ['a', 'a', 'b'])
  await fc.assert(
    fc.asyncProperty(pattern, filling, filling, fc.boolean(), async (text, before, within, isFitting) => {
      // A text that fits, or one that almost does.
      const value = isFitting
        ? text.replaceAll('*', within).replaceAll('?', 'b')
        : `${before}${text.replaceAll('*', within).replaceAll('?', 'a').slice(1)}`
      const expected = means(text, value)
      if (expected) matches++
      expect(await isMet(text, value)).toBe(expected)
      // The same, with what the request says in the place of a piece.
      const [first = '', ...rest] = text.split('*')
      const part = first.replaceAll('?', 'b')
      const asked = ['*${aws:PrincipalTag/part}', ...rest].join('*')
      expect(await isMet(asked, value, part)).toBe(means(['*' + part, ...rest].join('*'), value))
    }),
    { numRuns: runs(300, 20_000) },
  )
  expect(matches).toBeGreaterThan(runs(300, 20_000) / 10)
})
