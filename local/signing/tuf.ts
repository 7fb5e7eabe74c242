import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { canonicalize } from '@tufjs/canonical-json'
import { newKey, type SigningKey, sha256Hex } from './keys.ts'

/** A repository of TUF on this machine. */
export type TufRepository = {
  readonly url: string
  /** Root metadata, by which whoever fetches begins to trust. */
  readonly root: string
  close(): void
}

const EXPIRES = new Date(Date.now() + 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z')

/** Metadata with the signature of the only key that there is. @see https://theupdateframework.github.io/specification/latest/ */
function signed(key: SigningKey, keyid: string, type: string, more: object): string {
  const body = { _type: type, spec_version: '1.0.31', version: 1, expires: EXPIRES, ...more }
  const sig = key.sign(Buffer.from(canonicalize(body))).toString('hex')
  return JSON.stringify({ signed: body, signatures: [{ keyid, sig }] })
}

/** Serves one target by metadata that are signed with a key of this run. @param target its text @param signer signs in place of the key that is trusted */
export async function serveTuf(name: string, target: string, signer?: SigningKey): Promise<TufRepository> {
  const key = newKey('Ed25519')
  const shown = { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: key.der.subarray(-32).toString('hex') } }
  const keyid = sha256Hex(Buffer.from(canonicalize(shown)))
  const role = { keyids: [keyid], threshold: 1 }
  const by = signer ?? key
  const root = signed(key, keyid, 'root', {
    consistent_snapshot: false,
    keys: { [keyid]: shown },
    roles: { root: role, timestamp: role, snapshot: role, targets: role },
  })
  const bytes = Buffer.from(target)
  const files: Readonly<Record<string, string>> = {
    '/timestamp.json': signed(by, keyid, 'timestamp', { meta: { 'snapshot.json': { version: 1 } } }),
    '/snapshot.json': signed(by, keyid, 'snapshot', { meta: { 'targets.json': { version: 1 } } }),
    '/targets.json': signed(by, keyid, 'targets', {
      targets: { [name]: { length: bytes.length, hashes: { sha256: sha256Hex(bytes) } } },
    }),
    [`/targets/${name}`]: target,
  }
  const server = createServer(({ url = '' }, response) => {
    const file = files[url]
    response.writeHead(file === undefined ? 404 : 200).end(file)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, root, close: () => void server.close() }
}
