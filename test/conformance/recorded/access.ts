/** What is said to a stranger of keys that he may not know of. @spec wire §4 (AccessDeniedException) */
import { OTHER_ACCOUNT } from '../../support/kms-fixture.ts'
import type { Recorded } from './row.ts'
import { Plaintext, UNKNOWN_ID, arnOf } from './scene.ts'

const STRANGER = `arn:aws:iam::${OTHER_ACCOUNT}:root`
const UNTOLD =
  'because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based ' +
  'policy explicitly denies access'

export const ACCESS_MESSAGES: readonly Recorded[] = [
  {
    name: 'AccessDeniedException',
    when: 'the key of another account',
    text: `User: ${STRANGER} is not authorized to perform: kms:Encrypt on this resource ${UNTOLD}`,
    attempt: ({ stranger, key }) => stranger.encrypt({ KeyId: key.arn, Plaintext }),
  },
  {
    name: 'AccessDeniedException',
    when: 'a key that another account does not have',
    text: `User: ${STRANGER} is not authorized to perform: kms:Encrypt on this resource ${UNTOLD}`,
    attempt: ({ stranger }) => stranger.encrypt({ KeyId: arnOf(`key/${UNKNOWN_ID}`), Plaintext }),
  },
  {
    name: 'AccessDeniedException',
    when: 'the ciphertext of another account',
    text: `User: ${STRANGER} is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext ${UNTOLD}`,
    attempt: ({ stranger, blob }) => stranger.decrypt({ CiphertextBlob: blob }),
  },
]
