/** The contract of every operation. */
import { createAlias } from './create-alias.ts'
import { encrypt } from './encrypt.ts'
import { listKeys } from './list-keys.ts'

export const CONTRACTS = {
  CreateAlias: createAlias,
  Encrypt: encrypt,
  ListKeys: listKeys,
}
