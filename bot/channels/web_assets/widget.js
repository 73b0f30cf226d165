/* Puts the button "Hỏi Một Cửa" on another page: <script src="https://…/chat/widget.js" async></script>
   Styles are set one by one from here, so that no style sheet or policy of that page stands in the way. */
(function () {
'use strict';

const script = document.currentScript;
if (!script || document.getElementById('motcua-widget')) return;
const base = new URL('..', script.src), home = new URL('?embed=1', base).href;
const phone = matchMedia('(max-width: 30rem), (max-height: 30rem)');
const SVG = 'http://www.w3.org/2000/svg';
const RED = '#8c1c20', GOLD = '#f3c65b';
let frame = null, loaded = false, shown = false, pageOverflow = '';

function el(name, style, parent) {
  const node = document.createElement(name);
  Object.assign(node.style, style);
  if (parent) parent.appendChild(node);
  return node;
}
function icon(parent, paths) {
  const svg = parent.appendChild(document.createElementNS(SVG, 'svg'));
  svg.setAttribute('viewBox', '0 0 40 40');
  svg.setAttribute('aria-hidden', 'true');
  Object.assign(svg.style, {width: '1.75em', height: '1.75em', flex: 'none', display: 'block'});
  paths.forEach(path => {
    const node = svg.appendChild(document.createElementNS(SVG, 'path'));
    Object.keys(path).forEach(key => node.setAttribute(key, path[key]));
  });
}
// Where the browser has it, a shadow keeps the two pages' styles apart.
const host = el('div', {all: 'initial', position: 'fixed', zIndex: '2147483000', right: '0', bottom: '0'});
host.id = 'motcua-widget';
host.lang = 'vi';
const root = host.attachShadow ? host.attachShadow({mode: 'closed'}) : host;
const FONT = '600 17px/1.3 -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif';

const panel = el('div', {
  display: 'none', position: 'fixed', flexDirection: 'column', boxSizing: 'border-box', overflow: 'hidden', background: '#faf7f2',
  boxShadow: '0 8px 40px rgba(30, 10, 5, .35)',
}, root);
panel.setAttribute('role', 'dialog');
panel.setAttribute('aria-label', 'Hỏi Một Cửa');
const guardBefore = el('div', {position: 'absolute'}, panel);
const bar = el('div', {
  display: 'flex', alignItems: 'center', flex: 'none', padding: '4px 6px 4px 16px', background: RED, color: '#fff',
  borderBottom: '3px solid ' + GOLD, font: FONT,
}, panel);
icon(bar, [
  {d: 'M8 35V18a12 12 0 0 1 24 0v17M4 35h32', fill: 'none', stroke: GOLD, 'stroke-width': '3.2', 'stroke-linecap': 'round'},
  {d: 'M15 35V19l10-4v20z', fill: '#fff'},
]);
el('span', {flex: '1 1 auto', marginLeft: '10px'}, bar).textContent = 'Hỏi Một Cửa';
const close = el('button', {
  display: 'flex', alignItems: 'center', justifyContent: 'center', width: '44px', height: '44px', padding: '0', border: '0',
  borderRadius: '8px', background: 'transparent', color: '#fff', cursor: 'pointer', font: FONT,
}, bar);
close.type = 'button';
close.setAttribute('aria-label', 'Đóng cửa sổ trò chuyện');
icon(close, [{d: 'M11 11l18 18M29 11L11 29', stroke: '#fff', 'stroke-width': '3.5', 'stroke-linecap': 'round'}]);
const body = el('div', {flex: '1 1 auto', position: 'relative', minHeight: '0'}, panel);
const guardAfter = el('div', {position: 'absolute'}, panel);

const launcher = el('button', {
  position: 'fixed', right: '16px', bottom: '16px', display: 'flex', alignItems: 'center', minHeight: '56px', margin: '0',
  padding: '8px 22px 8px 16px', border: '2px solid ' + GOLD, borderRadius: '28px', background: RED, color: '#fff', cursor: 'pointer',
  boxShadow: '0 4px 18px rgba(30, 10, 5, .35)', font: FONT,
}, root);
launcher.type = 'button';
launcher.setAttribute('aria-haspopup', 'dialog');
launcher.setAttribute('aria-expanded', 'false');
icon(launcher, [
  {d: 'M5 9a4 4 0 0 1 4-4h22a4 4 0 0 1 4 4v15a4 4 0 0 1-4 4H19l-9 8v-8H9a4 4 0 0 1-4-4z', fill: '#fff'},
  {d: 'M15 24v-8a5 5 0 0 1 10 0v8', fill: 'none', stroke: RED, 'stroke-width': '3', 'stroke-linecap': 'round'},
]);
el('span', {marginLeft: '10px'}, launcher).textContent = 'Hỏi Một Cửa';
const news = el('span', {
  display: 'none', marginLeft: '10px', padding: '2px 10px', borderRadius: '12px', background: GOLD, color: '#211c17', fontSize: '14px',
}, launcher);
news.textContent = 'tin mới';

function layout() {
  const full = phone.matches;
  Object.assign(panel.style, full
    ? {top: '0', right: '0', bottom: '0', left: '0', width: 'auto', height: 'auto', maxHeight: 'none', borderRadius: '0', border: '0'}
    : {top: 'auto', right: '16px', bottom: '88px', left: 'auto', width: '400px', height: '640px',
      maxHeight: 'calc(100vh - 104px)', borderRadius: '12px', border: '1px solid rgba(0, 0, 0, .25)'});
  launcher.style.display = shown && full ? 'none' : 'flex';
  panel.setAttribute('aria-modal', String(full));
  guardBefore.tabIndex = guardAfter.tabIndex = full ? 0 : -1;
  lock(shown && full);
}
// Full screen: the page behind neither scrolls nor takes the keyboard.
let locked = false;
function lock(wanted) {
  if (wanted === locked) return;
  const style = document.documentElement.style;
  if (wanted) pageOverflow = style.overflow;
  style.overflow = wanted ? 'hidden' : pageOverflow;
  locked = wanted;
}
function enter() {
  frame.focus();
  if (loaded) frame.contentWindow.postMessage({motcua: 'focus'}, base.origin);
}
function open() {
  if (!frame) {
    frame = el('iframe', {position: 'absolute', top: '0', left: '0', width: '100%', height: '100%', border: '0'});
    frame.title = 'Trò chuyện với Một Cửa';
    frame.src = home;
    frame.onload = () => { loaded = true; if (shown) enter(); };
    body.appendChild(frame);
  }
  toggle(true);
  enter();
}
function shut() {
  if (!shown) return;
  toggle(false);
  launcher.focus();
}
function toggle(wanted) {
  shown = wanted;
  panel.style.display = shown ? 'flex' : 'none';
  launcher.setAttribute('aria-expanded', String(shown));
  news.style.display = 'none';
  layout();
}
launcher.onclick = () => { if (shown) shut(); else open(); };
close.onclick = shut;
guardBefore.onfocus = enter;
guardAfter.onfocus = () => close.focus();
document.addEventListener('keydown', event => { if (event.key === 'Escape') shut(); });
window.addEventListener('message', event => {
  if (!frame || event.source !== frame.contentWindow || event.origin !== base.origin || !event.data) return;
  if (event.data.motcua === 'close') shut();
  if (event.data.motcua === 'news' && !shown) news.style.display = 'inline';
});
if (phone.addEventListener) phone.addEventListener('change', layout); else phone.addListener(layout);

function mount() {
  document.body.appendChild(host);
  layout();
}
if (document.body) mount(); else document.addEventListener('DOMContentLoaded', mount);
}());
