/** Apart, since it is large, and credentials of the environment need none of it. */
export { fromNodeProviderChain } from '@aws-sdk/credential-providers'
