import pinned from './trusted-root.json' with { type: 'json' }

/** Root of Sigstore's public good instance, as it was when this version was made: `ecr-steward trusted-root` tells its age. */
export const PINNED_ROOT: object = pinned
