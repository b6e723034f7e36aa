/** The whole engine in this process: pipeline, store, envelope and HSM, with no wire between. */

import { createKms } from 'softkms'
import { measure } from '../measure.ts'
import type { Row } from '../row.ts'
import { type BenchedKms, createSubjects } from './subjects.ts'

/** Measures each operation for `timeMs` and reports it as it is done. */
export async function benchEngine(timeMs: number, report: (row: Row) => void): Promise<void> {
  for (const subject of await createSubjects(await createEngine())) {
    const timing = await measure(subject, timeMs)
    const rate = subject.documentedRate
    report({
      level: 'engine',
      name: subject.name,
      provider: 'noble',
      ...timing,
      ...(rate === undefined ? {} : { documentedRate: rate }),
    })
  }
}

async function createEngine(): Promise<BenchedKms> {
  const kms = await createKms()
  const { KeyMetadata } = await kms.createKey({ Description: 'bench' })
  const KeyId = present(KeyMetadata?.KeyId)
  const EncryptionContext = { purpose: 'bench' }
  return {
    async encrypt(Plaintext) {
      return present((await kms.encrypt({ KeyId, Plaintext, EncryptionContext })).CiphertextBlob)
    },
    async decrypt(CiphertextBlob) {
      return present((await kms.decrypt({ CiphertextBlob, EncryptionContext })).Plaintext)
    },
    async generateDataKey() {
      const answer = await kms.generateDataKey({ KeyId, KeySpec: 'AES_256', EncryptionContext })
      return { plaintext: present(answer.Plaintext), ciphertextBlob: present(answer.CiphertextBlob) }
    },
  }
}

function present<T>(member: T | undefined): T {
  if (member === undefined) throw new Error('the answer lacks a member')
  return member
}
