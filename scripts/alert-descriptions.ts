/** What the fields of the alert envelope mean, for those who read `docs/alert.schema.json`: path → sentence. */
export const ALERT_DESCRIPTIONS: Readonly<Record<string, string>> = {
  version: 'Version of this shape.',
  id: 'The same for a repeated delivery of the same alert, so that a consumer can drop it.',
  kind: 'What happened: findings at or above the threshold, an image that could not be scanned, rules that fail, settings that were put right, something that ECR did not do, a run of the clean-up, the digest of a sweep, or images in use that a lifecycle policy is about to remove.',
  severity:
    'Severity of the worst item that is open. UNDEFINED where nothing is known, INFORMATIONAL where nothing is left to do.',
  title: 'One line.',
  summary: 'One sentence on what happened.',
  subject:
    'The image, the repository (no digest) or the registry (no repository) that it is about. All fields come from outside: escape them where they are shown.',
  'subject.account': 'Registry id: 12 digits.',
  'subject.region': 'AWS region of the registry.',
  'subject.repository': 'Name of the repository; absent where it is about the registry as a whole.',
  'subject.digest': 'sha256: and 64 hexadecimal digits; the identity of the image.',
  'subject.tags': 'Tags of the image when it was read. Tags move.',
  facts: 'Short facts to show beside the text, in this order.',
  'facts[].name': 'Label of the fact.',
  'facts[].value': 'Value of the fact, as text.',
  counts: 'Findings per severity of everything that was found, whatever the threshold.',
  items:
    'What was found: new before known before excepted before gone, worst first in each; of a digest, what has to be decided first.',
  'items[].id':
    'Identifier of the vulnerability, such as CVE-2026-1234, name of the rule, of a repository or of an image.',
  'items[].severity': 'Severity of the item; UNDEFINED for a rule that could not be judged.',
  'items[].change':
    'Against what was told before about the same subject; excepted: somebody has agreed to live with it for a while.',
  'items[].subject':
    'What the item is about: the vulnerable package, the image or the repository; of a digest, the heading that it stands under.',
  'items[].text': 'One line: installed and fixed version, or a reason in words.',
  'items[].notes':
    'Short extras, such as the CVSS score, EPSS, a known exploit, use by running tasks; what a verdict rests on.',
  'items[].url': 'Where to read about it; https only.',
  'items[].fix': 'One sentence on how to mend it.',
  'items[].command': 'A line for a shell that mends it.',
  'items[].cdk': 'The property of a CDK construct that mends it.',
  omitted: 'Number of items left out to keep the message within its limits.',
  todo: 'One sentence on what to do.',
  command: 'A line to copy into a shell: docker pull with the digest, or what mends the only rule that fails.',
  links: 'Pages to open; https only.',
  'links[].text': 'Label of the link.',
  'links[].url': 'Address of the page.',
  notices: 'What the reader must know about this message itself: what could not be read, what was shortened.',
  channels: 'Names under channels in steward.yaml that get this alert on Slack.',
  createdAt: 'ISO 8601 instant at which the alert was made.',
  events: 'Ids of the EventBridge events that caused it.',
}
