// A figure in an iframe: the frame's address says what it shows, as the page's address does, and
// may begin with view=… and theme=… The frame tells its host how high it is.
import { defineBackpropDemo } from '../element/define.js';
import { goWithin } from '../element/go-within.js';
import { readPermalink } from '../state/permalink.js';

const figure = /** @type {import('../element/backprop-demo.js').BackpropDemo} */ (
  document.querySelector('backprop-demo')
);
const parts = location.hash.replace(/^#/, '').split('&').filter(Boolean);
const isOwn = (/** @type {string} */ part) => /^(view|theme)=/.test(part);
for (const part of parts.filter(isOwn)) {
  const [name, value] = part.split('=');
  figure.setAttribute(name, value.replaceAll('+', ' '));
}
const sheet = new CSSStyleSheet();
sheet.replaceSync('body, p { margin: 0 }');
document.adoptedStyleSheets = [sheet];

async function start() {
  const link = await readPermalink(parts.filter((part) => !isOwn(part)).join('&'));
  const { experiment, epoch, problem } = link;
  figure.setAttribute('experiment', JSON.stringify(experiment));
  if (epoch !== undefined || problem) figure.setAttribute('epoch', String(epoch ?? 0));
  else figure.toggleAttribute('autoplay', true);
  if (problem)
    say(
      `The address of this figure could not be read: ${problem}. It shows the default run instead.`,
    );
  defineBackpropDemo();
  const wrong = await goWithin(figure, link);
  if (wrong) say(wrong);
}

/** @param {string} text */
function say(text) {
  const message = document.createElement('p');
  message.role = 'alert';
  message.textContent = text;
  document.body.prepend(message);
}
start();

// To any host: it is no secret, and a frame in a sandbox cannot know who its host is.
const heights = new ResizeObserver(() => {
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  parent.postMessage({ type: 'backprop-height', height }, '*');
});
if (parent !== window) heights.observe(document.body);
