/** A store in which requests overtake each other. */
import { type Change, type Store, createMemoryStore } from '@softkms/kms'

/** A memory store that answers each call only after others had their turn, in an order that a seed decides. */
export function createSlowStore(seed: number): Store {
  const memory = createMemoryStore()
  let state = seed
  const wait = async (): Promise<void> => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    for (let turns = state % 7; turns > 0; turns--) await Promise.resolve()
  }
  const slowly =
    <Parameters extends unknown[], Answer>(operation: (...parameters: Parameters) => Promise<Answer>) =>
    async (...parameters: Parameters): Promise<Answer> => {
      await wait()
      const answer = await operation(...parameters)
      await wait()
      return answer
    }
  return {
    getKey: slowly(memory.getKey.bind(memory)),
    listKeys: slowly(memory.listKeys.bind(memory)),
    countKeys: slowly(memory.countKeys.bind(memory)),
    getMaterial: slowly(memory.getMaterial.bind(memory)),
    listMaterials: slowly(memory.listMaterials.bind(memory)),
    countMaterials: slowly(memory.countMaterials.bind(memory)),
    getAlias: slowly(memory.getAlias.bind(memory)),
    listAliases: slowly(memory.listAliases.bind(memory)),
    countAliases: slowly(memory.countAliases.bind(memory)),
    getGrant: slowly(memory.getGrant.bind(memory)),
    listGrants: slowly(memory.listGrants.bind(memory)),
    countGrants: slowly(memory.countGrants.bind(memory)),
    listRetirableGrants: slowly(memory.listRetirableGrants.bind(memory)),
    getLastUse: slowly(memory.getLastUse.bind(memory)),
    getKeyring: slowly(memory.getKeyring.bind(memory)),
    nextDueKey: slowly(memory.nextDueKey.bind(memory)),
    commit: slowly(async (changes: readonly Change[]) => memory.commit(changes)),
  }
}
