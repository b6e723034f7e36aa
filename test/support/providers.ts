/** Every provider there is: what one passes, all must pass. */

import { type Provider, nobleProvider } from '@softkms/hsm'
import { createNativeProvider } from '@softkms/hsm/native'

export const nativeProvider: Provider = createNativeProvider()

export const PROVIDERS: readonly Provider[] = [nobleProvider, nativeProvider]
