/** Known answers of AES-256 key wrap with padding. See SOURCE.md. */

export interface KwpVector {
  readonly key: string
  readonly wrapped: string
  /** None: it must not unwrap. */
  readonly material?: string
}

export const KWP_VECTORS: readonly KwpVector[] = [
  // KWP_AE_256, plaintext of 8 bits
  {
    key: '397989e9208a7f0133eab2f8c9a5ec231eb3f771ec409a6c43c75b8ff39b489c',
    material: 'ea',
    wrapped: '6c0bf17e7c72f5b3a95988c20da4a776',
  },
  {
    key: '1940b2a08242d7c84ecf1fab962909dcf899138dcceb1c0747a281288655e0f0',
    material: '01',
    wrapped: 'd85f2f2e1221ceecb5ccf11d7cf43834',
  },
  // KWP_AE_256, plaintext of 72 bits
  {
    key: 'f5a3f19df4bca6d8b9736a410053e8fdde705237c882df80e6d836fa9b5eb316',
    material: '9dba964ee6cbe6dad4',
    wrapped: '708ca1a77dcb2f1fd61ff6a8b7c3be265fc624d18a78b8e3',
  },
  {
    key: 'fb4f5463d70755bcb05a2e1748b662430733c02493571bd7dc0ad578166db463',
    material: 'ff956ba8552e5840da',
    wrapped: '0bab1a673e49d92f6f28d45eb9accee30a9b59d5a27ce20f',
  },
  {
    key: '790d4eee68e1c714db398e080072083838ffd8724ee490a66f7ca38f3e51b8d4',
    material: '7bce061c0794a6950d',
    wrapped: '8b5bd6f81d5ece6ad03ce2ec577b24d987c67c9391c20285',
  },
  // KWP_AD_256, plaintext of 8 and 64 bits
  {
    key: '20e4ff6a88ffa9a2818b81702793d8a016722c2fa1ff445f24b9db293cb12069',
    material: 'd2',
    wrapped: '85011dc927b167f411b0b8e21b11d819',
  },
  {
    key: '96503e950d01ee1664de77ef6c0108aea2cffcffd0cf282e58a3fb982914ff9c',
    material: 'e731cf7c44ac7722',
    wrapped: 'e5fa8bf0919d5a7163f2af43b3b549b8',
  },
  {
    key: 'c32cb3e1e41a4b9f4de79989957866f5dd48dba38c22a6ebb80e14c84bdd9534',
    wrapped: 'c29b05c2619a58ecc1d239e7a34273cd',
  },
  {
    key: '5fc3ef43eef256993fb00e6ccc90f60319f10a3bc9fe5ca4ec876c165e2a7720',
    wrapped: 'f3d922a948969acca293bc3daa027e48',
  },
  {
    key: '398444df32841be9e699c64faa92630c834564b8384876dceb471c4056fc8299',
    wrapped: '30032c9a3ed00d29512d8c725fa86a4b',
  },
  {
    key: '532b4699bb0a97dc426a511a7d0fe70dc7ba163106775677a5b2d75a4d5b93a0',
    wrapped: 'e1e64a6bf74b137522e6c5f47ca859ae',
  },
]
