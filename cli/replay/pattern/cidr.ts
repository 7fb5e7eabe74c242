import { BlockList, isIP } from 'node:net'
import { PatternError } from './error.ts'

const FAMILY = { 4: 'ipv4', 6: 'ipv6' } as const
const BITS = { 4: 32, 6: 128 } as const

const versionOf = (address: string): 4 | 6 | undefined => {
  const version = isIP(address)
  return version === 4 || version === 6 ? version : undefined
}

/** Compiles `cidr`: `10.0.0.0/24`, `2001:db8::/32`. @throws {PatternError} */
export function cidr(operand: unknown, path: string): (value: unknown) => boolean {
  const [, address, digits] = /^([^/]+)\/(\d{1,3})$/.exec(typeof operand === 'string' ? operand : '') ?? []
  const version = versionOf(address ?? '')
  if (!address || !version || Number(digits) > BITS[version])
    throw new PatternError(path, `${JSON.stringify(operand)} is not an address block such as 10.0.0.0/24`)
  const block = new BlockList()
  block.addSubnet(address, Number(digits), FAMILY[version])
  return (value) => typeof value === 'string' && versionOf(value) === version && block.check(value, FAMILY[version])
}
