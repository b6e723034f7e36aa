/**
 * Signatures that everybody agrees on, of the message "sample" under each curve's usual hash, without hedging.
 *
 * @spec RFC 6979 §A.2.5, §A.2.6, §A.2.7; on secp256k1, which it does not have, with the key of P-256, after noble
 */

import type { Curve } from '../../asymmetric-primitives.ts'

export const KNOWN_MESSAGE = 'sample'

const KEY = 'c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721'
const SHA_256 = 'af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf'

export const ECDSA_ANSWERS: Readonly<
  Record<Curve, Readonly<Record<'scalar' | 'point' | 'digest' | 'signature', string>>>
> = {
  'P-256': {
    scalar: KEY,
    point:
      '0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6' +
      '7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299',
    digest: SHA_256,
    signature:
      'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716' +
      'f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
  },
  'P-384': {
    scalar: '6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5',
    point:
      '04ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13' +
      '8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720',
    digest: '9a9083505bc92276aec4be312696ef7bf3bf603f4bbd381196a029f340585312313bca4a9b5b890efee42c77b1ee25fe',
    signature:
      '94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46' +
      '99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8',
  },
  'P-521': {
    scalar:
      '00fad06daa62ba3b25d2fb40133da757205de67f5bb0018fee8c86e1b68c7e75' +
      'caa896eb32f1f47c70855836a6d16fcc1466f6d8fbec67db89ec0c08b0e996b83538',
    point:
      '0401894550d0785932e00eaa23b694f213f8c3121f86dc97a04e5a7167db4e5bcd37' +
      '1123d46e45db6b5d5370a7f20fb633155d38ffa16d2bd761dcac474b9a2f5023a4' +
      '00493101c962cd4d2fddf782285e64584139c2f91b47f87ff82354d6630f746a28' +
      'a0db25741b5b34a828008b22acc23f924faafbd4d33f81ea66956dfeaa2bfdfcf5',
    digest:
      '39a5e04aaff7455d9850c605364f514c11324ce64016960d23d5dc57d3ffd8f4' +
      '9a739468ab8049bf18eef820cdb1ad6c9015f838556bc7fad4138b23fdf986c7',
    signature:
      '00c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f17' +
      '4e25a1ee9017b5d450606add152b534931d7d4e8455cc91f9b15bf05ec36e377fa' +
      '00617cce7cf5064806c467f678d3b4080d6f1cc50af26ca209417308281b68af28' +
      '2623eaa63e5b5c0723d8b8c37ff0777b1a20f8ccb1dccc43997f1ee0e44da4a67a',
  },
  secp256k1: {
    scalar: KEY,
    point:
      '042c8c31fc9f990c6b55e3865a184a4ce50e09481f2eaeb3e60ec1cea13a6ae645' +
      '64b95e4fdb6948c0386e189b006a29f686769b011704275e4459822dc3328085',
    digest: SHA_256,
    signature:
      '432310e32cb80eb6503a26ce83cc165c783b870845fb8aad6d970889fcd7a6c8' +
      '530128b6b81c548874a6305d93ed071ca6e05074d85863d4056ce89b02bfab69',
  },
}
