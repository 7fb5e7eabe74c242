import { command } from '../command.ts'
import { GATE_OPTIONS } from '../gate/options.ts'

export const gate = command({
  name: 'gate',
  summary: 'Waits for an image and its scan, and says whether it may be deployed.',
  about: [
    'For CI: exit code 0 lets the image through, 1 stops it, 3 says that it could not be judged, which stops it too. The digest that the tag names at the beginning is judged and printed, wherever the tag goes meanwhile: deploy that digest.',
    'Limits come from the options, else from the rule vulnerabilities of the nearest steward.yaml, else none critical and none high may be. Exceptions of steward.yaml are heeded and shown. Of an image for several platforms the scans of all of them count, each finding once.',
    'Basic and enhanced scanning are told apart by what they answer. A scan that failed, is not there in time, or does not say what it found is no pass. `ecr-steward help exit-codes` says how it ends.',
  ],
  argument: {
    term: '<IMAGE>',
    about: 'REPOSITORY:TAG, REPOSITORY@DIGEST, or the URI of an image, which says account and region too.',
  },
  options: GATE_OPTIONS,
  examples: [
    {
      about: 'What docker push has just pushed:',
      line: 'gate 123456789012.dkr.ecr.eu-central-1.amazonaws.com/prod/api:1.4.2',
    },
    {
      about: 'As many high ones as today, none critical, with a report for code scanning:',
      line: 'gate prod/api:1.4.2 --max-high 5 --output table --output sarif=gate.sarif',
    },
    {
      about: 'Only what a pull request adds to what runs, and can be fixed:',
      line: 'gate scratch/api:pr-17 --new-since main --fixable-only --digest-file digest.txt',
    },
  ],
  run: async (words, options, io) => (await import('../gate/gate.ts')).gate(words, options, io),
})
