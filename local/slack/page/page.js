const messages = document.getElementById('messages')
const empty = document.getElementById('empty')
const state = document.getElementById('state')
let run = ''

/** Texts become text nodes, whatever they hold. */
function build(node) {
  if (typeof node === 'string') return document.createTextNode(node)
  const element = document.createElement(node.tag)
  if (node.className) element.className = node.className
  if (node.title) element.title = node.title
  if (node.tag === 'img') Object.assign(element, { src: '/avatar.svg', alt: '' })
  if (node.href) Object.assign(element, { href: node.href, target: '_blank', rel: 'noopener noreferrer' })
  if (node.color) element.style.setProperty('--bar', node.color)
  element.append(...(node.children ?? []).map(build))
  return element
}

function count() {
  const total = messages.childElementCount
  empty.hidden = total > 0
  document.title = `${total === 0 ? 'No messages' : `(${total}) Messages`} – ecr-steward`
  state.textContent = total === 1 ? '1 message, live' : `${total} messages, live`
}

const stream = new EventSource('/events')

stream.addEventListener('run', ({ data }) => {
  if (run !== data) messages.replaceChildren()
  run = data
  count()
})

stream.addEventListener('message', ({ data }) => {
  messages.prepend(build(JSON.parse(data)))
  count()
})

stream.addEventListener('error', () => {
  state.textContent = 'the local run has ended: these are its messages'
})
