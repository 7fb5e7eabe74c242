import { command } from '../command.ts'
import { SCAN_OPTIONS } from '../gate/options.ts'

export const scan = command({
  name: 'scan',
  summary: 'Starts a scan of an image, waits for it, and shows what it found.',
  about: [
    'Basic scanning allows one scan a day for each image: within it, the last one is shown. Enhanced scanning scans by itself and takes no orders: what it knows is shown. Of an image for several platforms each one is scanned.',
    'It judges nothing: the exit code is 0 once the findings are known, and 3 where they are not. To stop a pipeline: ecr-steward gate.',
  ],
  argument: {
    term: '<IMAGE>',
    about: 'REPOSITORY:TAG, REPOSITORY@DIGEST, or the URI of an image, which says account and region too.',
  },
  options: SCAN_OPTIONS,
  examples: [
    { about: 'Findings by severity, the worst first:', line: 'scan prod/api:1.4.2' },
    { about: 'For a spreadsheet:', line: 'scan prod/api:1.4.2 --output csv=findings.csv' },
  ],
  run: async (words, options, io) => (await import('../gate/gate.ts')).scan(words, options, io),
})
