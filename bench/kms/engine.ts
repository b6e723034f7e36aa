/** The whole engine in this process: pipeline, store, envelope and HSM, with no wire between. */

import type { Provider } from '@softkms/hsm'
import { createKms } from 'softkms'
import { measure } from '../measure.ts'
import type { BenchOptions } from '../options.ts'
import { PROVIDERS } from '../providers.ts'
import type { Row } from '../row.ts'
import { type BenchedKms, createSubjects } from './subjects.ts'

/** Measures each operation for `rowMs` under each provider and reports it as it is done. */
export async function benchEngine({ rowMs, providers }: BenchOptions, report: (row: Row) => void): Promise<void> {
  for (const provider of providers) {
    for (const subject of await createSubjects(await createEngine(PROVIDERS[provider]))) {
      const row: Row = { level: 'engine', name: subject.name, provider, ...(await measure(subject, rowMs)) }
      report(subject.documentedRate === undefined ? row : { ...row, documentedRate: subject.documentedRate })
    }
  }
}

async function createEngine(provider: Provider): Promise<BenchedKms> {
  const kms = await createKms({ provider })
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
