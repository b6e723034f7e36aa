/**
 * The few things that this package needs of whatever runs it, declared structurally and read from `globalThis`, so
 * that it compiles without Node's or a browser's types and none of this shows in an emitted declaration.
 */

interface Host {
  readonly WebAssembly?: {
    validate(bytes: Uint8Array): boolean
    instantiate(bytes: Uint8Array): Promise<{ readonly instance: { readonly exports: unknown } }>
  }
}

/** Whether the runtime could compile a module. */
export function validate(bytes: Uint8Array): boolean {
  return (globalThis as unknown as Host).WebAssembly?.validate(bytes) === true
}

/**
 * Compiles and instantiates a module without imports.
 *
 * @returns its exports
 * @throws Error, of the runtime's own kind, where WebAssembly is missing, forbidden, or lacks what the module uses
 */
export async function instantiate(bytes: Uint8Array): Promise<unknown> {
  const { WebAssembly } = globalThis as unknown as Host
  if (WebAssembly === undefined) throw new TypeError('This runtime has no WebAssembly.')
  const { instance } = await WebAssembly.instantiate(bytes)
  return instance.exports
}
