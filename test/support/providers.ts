/** Every provider there is: what one passes, all must pass. */

import { type PrimitiveGroup, type Provider, kernelsProvider, nobleProvider } from '@softkms/hsm'
import { createNativeProvider } from '@softkms/hsm/native'

export const GROUPS = Object.keys(nobleProvider.servedBy) as readonly PrimitiveGroup[]

export const nativeProvider: Provider = createNativeProvider()

// Before its kernels are there, noble would be tested in their place.
await kernelsProvider.prepare?.(GROUPS)
if (kernelsProvider.name !== 'kernels') throw new Error('this runtime has no kernels')

export const PROVIDERS: readonly Provider[] = [nobleProvider, kernelsProvider, nativeProvider]

/** Those that take all they draw from the `Entropy` port, so that their answers can be foretold. */
export const DETERMINISTIC: readonly Provider[] = [nobleProvider, kernelsProvider]
