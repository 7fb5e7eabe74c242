import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readSbom } from '../functions/policy/evidence/sbom/read-sbom.ts'

const MB = 1_000_000

/** What a package of syft's looks like, with a licence and a checksum of its own. */
const packageOf = (index: number) => ({
  name: `@acme/package-${index}`,
  SPDXID: `SPDXRef-Package-npm--acme-package-${index}`,
  versionInfo: `1.${index % 50}.${index % 7}`,
  supplier: 'NOASSERTION',
  downloadLocation: `https://registry.example/@acme/package-${index}/-/package-${index}.tgz`,
  filesAnalyzed: false,
  checksums: [{ algorithm: 'SHA256', checksumValue: String(index).padStart(64, 'a') }],
  sourceInfo: 'acquired package info from installed node module manifest file: /app/node_modules/package.json',
  licenseConcluded: 'NOASSERTION',
  licenseDeclared: index % 3 ? 'MIT' : 'Apache-2.0 OR MIT',
  copyrightText: 'NOASSERTION',
  externalRefs: [
    {
      referenceCategory: 'SECURITY',
      referenceType: 'cpe23Type',
      referenceLocator: `cpe:2.3:a:acme:p${index}:1:*:*:*:*:*:*:*`,
    },
    {
      referenceCategory: 'PACKAGE-MANAGER',
      referenceType: 'purl',
      referenceLocator: `pkg:npm/%40acme/package-${index}@1.${index % 50}.${index % 7}`,
    },
  ],
})

/** A document of SPDX of at least so many bytes. */
export function largeSbom(bytes: number): string {
  const packages: string[] = []
  for (let size = 0; size < bytes; ) {
    const text = JSON.stringify(packageOf(packages.length), null, 1)
    packages.push(text)
    size += text.length + 1
  }
  return `{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","packages":[${packages.join(',')}]}`
}

export type Measured = {
  readonly packages: number
  readonly seconds: number
  /** Resident at most, above what the process had before, with the bytes of the document. */
  readonly megabytes: number
}

/** Reads a file as a function does: its bytes are in memory. */
async function measure(file: string): Promise<Measured> {
  await readSbom(Buffer.from('{}'))
  const before = process.resourceUsage().maxRSS
  const start = performance.now()
  const read = await readSbom(readFileSync(file))
  return {
    packages: 'sbom' in read ? read.sbom.packages.length : 0,
    seconds: (performance.now() - start) / 1_000,
    megabytes: Math.round(((process.resourceUsage().maxRSS - before) * 1_024) / MB),
  }
}

/** In a process of its own, whose memory nothing else has filled. @param megabytes of the document */
export function sbomReading(megabytes: number): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'sbom-'))
  try {
    const file = join(folder, 'sbom.json')
    writeFileSync(file, largeSbom(megabytes * MB))
    const script = fileURLToPath(import.meta.url)
    return JSON.parse(execFileSync(process.execPath, ['--max-old-space-size=128', script, file], { encoding: 'utf8' }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (import.meta.main) console.log(JSON.stringify(await measure(String(process.argv[2]))))
