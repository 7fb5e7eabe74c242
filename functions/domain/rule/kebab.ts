/** `imageTagMutability` as `image-tag-mutability`. */
export const kebab = (name: string): string => name.replace(/(?<=[a-z0-9])[A-Z]/g, '-$&').toLowerCase()
