import { expect, test } from 'vitest'
import { checkWords } from '../../tools/check-words.ts'
import { treeOf } from './tree.ts'

function messagesOf(text: string): string[] {
  return checkWords(treeOf({ 'docs/page.md': `fine\n${text}` }), ['/srv/builds/softkms', '/app']).map(
    ({ line, message }) => `${line} ${message}`,
  )
}

test.each([
  ['// TODO later', '2 an unfinished thought needs an issue number'],
  ['FIXME', '2 an unfinished thought needs an issue number'],
  ['see /home/ada/notes', "2 a path of somebody's machine"],
  ['see /srv/builds/softkms/tools', '2 a path of this machine'],
  ['softkms is FIPS 140-3 validated', '2 softkms is modelled on standards; it is validated against none'],
])('%s is refused', (text, message) => {
  expect(messagesOf(text)).toEqual([message])
})

test.each([
  'TODO(#12) later',
  'the method todo()',
  'https://example.com/app',
  'modelled on FIPS 140-3, never validated',
])('%s is fine', (text) => {
  expect(messagesOf(text)).toEqual([])
})
