/**
 * The known answers of ML-KEM: a key from its seed, a ciphertext opened, and the same with its last bit changed, which
 * gives SHAKE256(z || c). What is encapsulated, with fresh bytes, must come out again.
 *
 * The encapsulation key is long, so its SHA-256 digest stands here.
 *
 * @spec FIPS 203 §6.3, §7; Wycheproof (dac1dd4), mlkem_512_test.json, tcId 2
 */

import type { HashPrimitives, LatticePrimitives } from '../../asymmetric-primitives.ts'
import { equalBytes, parseHex } from '../../bytes.ts'
import { systemEntropy } from '../../entropy.ts'

const SEED =
  '7c9935a0b07694aa0c6d10e4db6b1add2fd81a25ccb148032dcd739936737f2d' +
  '8626ed79d451140800e03b59b956f8210e556067407d13dc90fa9e8b872bfb8f'
const ENCAPSULATION_KEY_DIGEST = '852523749efd2b78d1074e5de629060312cd9397933a19ddb7482cfda5e92614'
const CIPHERTEXT =
  '113db2dd06871235e7bc36c9dcaa528fc26ce5db9ecc1dc32e957d7ffb3c7429d50c3c3577a515d3183a1b9d267b936b7eb8f543a3afb7' +
  '7765ca7938f78aa6438ce80a06a6966d0d06af75ba3e0d4f37bac73369f5a729f73e85729edd97c8c2a8cc2619e4cf7b6091869e909fd4' +
  '7d9709149204b0837d8d6f25d267972be63bad34b544523c01c09de3b1fa1d6b7b059eee9e652062fe870f68c68005339ea181e1d0767c' +
  '152aeb38faf0f9245ae59d5cb0d2b7f201229ed97020d0623a46100d097b0ce1154e028ae6194de05de97dd9ae2e85ffd25d95eb22effe' +
  '5ba19cd807c530ebaa9fe9f642ccacff47ed15c22bfe3036ebf8ad9c8ed23240aeebaa24d135755100b85ecee3174906e46312062ceeca' +
  'c75de5275256c2c1a653fd6915b1b30c8ecbb6fd4280437453173a96238bc7d108892343e033bcd98e437e789fc5bebaa12b2634b51ed0' +
  'd589f11143a021d8ecce594fdd48dae84c8063ef3581bc378a48da4e51bb175b0db47f9dcf99318c30225ca7fa79c879bf1c9397b5ccc5' +
  'efad94c500ed7f9f385d088e34932221fc0fc9afe51f6875548131697695478abdc8736f10095a6b92ec679fe0e2ae5d8b335355d58dae' +
  '4d4f0b17aa5d1e52f1d45584a892c34ce4b04fcd00981d51caa16064bad92d019dc3aded919684112b29daa28b9dae09b86b21a93310d5' +
  'fbc6527b224b9ce87d2782bb294673f0ec06f26b087652a18d6ad7b1c93303ef0561c0fc9cd4f678f606f192cf5df92b1548f5dd2687ed' +
  'beccfc6d4e9de4bd50d3c74fb275abd9b3e90277db4a0069c0a2a7136f50cead4b2f1995faaf168040e9e4beb7c5722049d6da6402992f' +
  'cea45097df7c1c20fb068222000576935a0806773451921f54c55fbf593a4f147c1fef3acaf0cfa907ae48c8c06312cfdf5186904bec7f' +
  'ed4ed933c9256ab04cbfa03a967c1f7ead4ab40df116be660e27ca2b543526d4b9684c31e1e42383b969f896299d71390cc85b703202ac' +
  'adecfa8c40965c08c53b5671e0d59455bc5a8586c655db8c2ade4ba8877f19b6000e18f8feadda7ede8fe80aa662d694c6d8c33b52'
const SHARED_SECRET = '319839e82ab6b222de7b619e80da8391522bbb37677018494a4742c53f9abfdf'
/** By OpenSSL's SHAKE256 over z and the changed ciphertext. */
const REJECTED_SECRET = '5a895b8e677be0206edbb6015815dd5f353ea13250273bab46ad93fa452749b1'

export function passesMlKemCast(provider: LatticePrimitives & HashPrimitives): boolean {
  const key = provider.createMlKemKey('ML-KEM-512', parseHex(SEED))
  try {
    const digest = provider.digest('SHA-256', key.encapsulationKey)
    if (!equalBytes(digest, parseHex(ENCAPSULATION_KEY_DIGEST))) return false

    const ciphertext = parseHex(CIPHERTEXT)
    if (!equalBytes(key.decapsulate(ciphertext), parseHex(SHARED_SECRET))) return false
    const last = ciphertext.length - 1
    ciphertext[last] = (ciphertext[last] ?? 0) ^ 1
    if (!equalBytes(key.decapsulate(ciphertext), parseHex(REJECTED_SECRET))) return false

    const fresh = provider.encapsulate('ML-KEM-512', key.encapsulationKey, systemEntropy)
    return fresh !== undefined && equalBytes(key.decapsulate(fresh.ciphertext), fresh.sharedSecret)
  } finally {
    key.zeroize()
  }
}
