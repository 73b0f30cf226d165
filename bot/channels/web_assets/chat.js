/* The chat page. Plain ES2017, no build step, nothing global: it must run on the phones people have.
   What the server or a person wrote is only ever put on screen as text nodes. */
(function () {
'use strict';

const $ = id => document.getElementById(id);
const log = $('log'), scroll = $('scroll'), field = $('text');
const EMBED = /[?&]embed=1(&|$)/.test(location.search);
const PHOTO_TYPES = ['image/jpeg', 'image/png', 'image/webp'];
const PHOTO_BYTES = 5 * 1024 * 1024, PHOTO_SIDE = 1600;
const SPEAKERS = {bot: 'Bot', me: 'Anh/chị', person: 'Cán bộ hỗ trợ'};
const TITLE = document.title;
const DOOR = document.querySelector('meta[name=motcua-door]').content;  // "" for everybody
const MOUSE = window.matchMedia && matchMedia('(pointer: fine)').matches;

// In a frame of another site, or in a private window, storage may be refused: the page then forgets on reload.
function keep(area, key) {
  let memory = null;
  return {
    get() { try { return window[area].getItem(key); } catch (refused) { return memory; } },
    set(value) {
      memory = value;
      try { value === null ? window[area].removeItem(key) : window[area].setItem(key, value); } catch (refused) { /* memory */ }
    },
  };
}
const tokenKept = keep('localStorage', 'motcua.session' + DOOR);
const greetingKept = keep('localStorage', 'motcua.greeting' + DOOR);  // the server need not number it, nor repeat it
const unsentKept = keep('sessionStorage', 'motcua.unsent' + DOOR);  // gone with the tab: phones and computers are shared

let session = tokenKept.get(), opening = null, renewedAt = 0;
let seen = new Set(), lastN = 0;
let queue = [];        // written here, not yet accepted by the server, in order
let accepted = [];     // accepted, and not yet seen in the server's own history
let filled = false;    // what the server already had stands on the page; only then is anything sent
let sending = false, sendTimer = 0, sendTries = 0, heardAt = 0, unread = 0;

function el(name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}
function uuid() {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = b[6] & 15 | 64;
  b[8] = b[8] & 63 | 128;
  const hex = Array.from(b, x => (x + 256).toString(16).slice(1)).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
const backoff = tries => Math.min(60, Math.pow(2, Math.min(tries, 6))) * (800 + Math.random() * 400);

/* ---- Talking to the server ---- */

async function call(url, body, seconds) {
  const abort = window.AbortController ? new AbortController() : null;
  const timer = setTimeout(() => abort && abort.abort(), (seconds || 20) * 1000);
  const options = {cache: 'no-store', signal: abort ? abort.signal : undefined};
  if (body) {
    options.method = 'POST';
    options.body = body instanceof FormData ? body : JSON.stringify(body);
    if (!(body instanceof FormData)) options.headers = {'Content-Type': 'application/json'};
  }
  try {
    const answer = await fetch(url, options);
    if (DOOR && answer.status === 401) location.replace('/sign-in?why=over&next=' + encodeURIComponent(location.pathname));
    let data = {};
    try { data = await answer.json(); } catch (notJson) { /* a proxy's own error page */ }
    return {ok: answer.ok, status: answer.status, data: data || {}, after: Number(answer.headers.get('Retry-After')) || 0};
  } finally {
    clearTimeout(timer);
  }
}
const address = (path, values) => path + '?' + Object.keys(values).map(k => k + '=' + encodeURIComponent(values[k])).join('&');

// However many callers wait, only one session is made.
function open() {
  if (session) return Promise.resolve(session);
  if (!opening) {
    opening = call('chat/session', {}).then(answer => {
      opening = null;
      if (!answer.ok || !answer.data.session) throw new Error('no session');
      session = answer.data.session;
      tokenKept.set(session);
      const greeting = answer.data.greeting || [];
      greetingKept.set(JSON.stringify(greeting.filter(m => !m.n)));
      greeting.forEach(show);
      offerStarters();
      return session;
    }, failure => { opening = null; throw failure; });
  }
  return opening;
}
async function renew(old) {
  if (session !== old) return;  // another call already did
  if (Date.now() - renewedAt < 10000) throw new Error('sessions do not last');
  renewedAt = Date.now();
  const hadTalk = !!session;
  newPage(null);
  if (hadTalk) note('Cuộc trò chuyện trước đã hết hạn. Mời anh/chị bắt đầu cuộc mới.');
  await open();
}
function newPage(token) {
  hush();
  session = token;
  tokenKept.set(token);
  seen = new Set();
  lastN = 0;
  accepted = [];
  log.textContent = '';
  typing(false);
  queue.forEach(item => log.appendChild(item.node));
}
async function catchUp() {
  const token = session;
  const answer = await call(address('chat/history', {session: token, after: lastN}));
  if (answer.status === 410) { await renew(token); return 0; }
  if (!answer.ok) throw new Error('history ' + answer.status);
  if (token !== session) return 0;
  if (!log.querySelector('.bot, .me:not(.waiting)')) JSON.parse(greetingKept.get() || '[]').forEach(show);
  return (answer.data.messages || []).filter(m => show(m) && m.from !== 'me').length;
}

/* ---- Hearing: server-sent events, else polling ---- */

let source = null, hearTimer = 0, stateTimer = 0, round = 0, beginTries = 0;
let cut = 0, rescues = 0, quietPolls = 0;  // live events that failed, that came too late; polls without news

function hush() {
  clearTimeout(hearTimer);
  if (source) source.close();
  source = null;
}
// Fill the page, then listen. Whatever went wrong, this is where it starts again.
async function begin() {
  const mine = (round += 1);
  clearTimeout(hearTimer);
  try {
    await (session ? catchUp() : open());
    if (mine !== round) return;
    beginTries = 0;
    const first = !filled;
    if (first) {
      filled = true;
      setTimeout(() => log.setAttribute('aria-live', 'polite'), 500);  // what was there before is not read aloud
    }
    restoreUnsent();
    offerStarters();
    if (first && log.querySelector('.me')) toEnd(); else stuck = atEnd();  // a first greeting is read from its beginning
    hear();
    flush();
  } catch (failure) {
    if (mine !== round) return;
    hush();
    cut = 0;
    connection('down');
    restoreUnsent();
    unsent('Chưa gửi được');
    hearTimer = setTimeout(begin, backoff(beginTries += 1));
  }
}
function hear() {
  hush();
  if (!window.EventSource || cut >= 3) { poll(round); return; }
  const mine = source = new EventSource(address('chat/events', {session: session, after: lastN}));
  source.onopen = () => { cut = 0; connection('live'); };
  source.addEventListener('message', event => { if (mine === source) show(JSON.parse(event.data)); });
  source.addEventListener('typing', event => { if (mine === source) typing(JSON.parse(event.data).on); });
  // The browser's own reconnecting would ask from the old place, and cannot see a 410.
  source.onerror = () => {
    if (mine !== source) return;
    hush();
    cut += 1;
    clearTimeout(stateTimer);
    stateTimer = setTimeout(() => { if (!source || source.readyState !== 1) connection('connecting'); }, 2500);
    hearTimer = setTimeout(begin, backoff(cut - 1));
  };
}
async function poll(mine) {
  try {
    const news = await catchUp();
    if (mine !== round) return;
    clearTimeout(stateTimer);
    connection('live');
    quietPolls = news ? 0 : quietPolls + 1;
    if (quietPolls > 60 && window.EventSource) { cut = 2; quietPolls = 0; hear(); return; }  // try live events again
    hearTimer = setTimeout(poll, document.hidden ? 30000 : quietPolls < 10 ? 2500 : 10000, mine);
  } catch (failure) {
    if (mine === round) begin();
  }
}
// A proxy that holds events back would leave the person waiting for an answer that is already there.
function checkAnswered(since) {
  [6000, 20000].forEach(wait => setTimeout(async () => {
    if (heardAt >= since || document.hidden) return;
    try {
      if (await catchUp() && source && (rescues += 1) >= 2) { cut = 3; begin(); }
    } catch (failure) { /* the listener reports it */ }
  }, wait));
  if (source) return;
  quietPolls = 0;
  clearTimeout(hearTimer);
  hearTimer = setTimeout(poll, 800, round);
}
function connection(state) {
  $('state').dataset.state = state;
  $('state-text').textContent = {live: 'Đã kết nối', connecting: 'Đang kết nối', down: 'Mất kết nối'}[state];
  const words = navigator.onLine === false ? 'Không có mạng. Tin nhắn sẽ tự gửi khi có mạng trở lại.'
    : state === 'down' ? 'Chưa kết nối được với máy chủ. Đang thử lại…' : '';
  if ($('banner').textContent !== words) $('banner').textContent = words;
}

/* ---- Saying: a queue, every message with its own id, so that sending twice does no harm ---- */

function say(item) {
  item.id = item.id || uuid();
  item.at = item.at || new Date().toISOString();
  item.node = draw({from: 'me', text: item.text || item.title || '', at: item.at, photo: item.blob}, true);
  queue.push(item);
  status(item, 'Đang gửi…');
  keepUnsent();
  $('starters').hidden = true;
  toEnd();
  flush();
}
function keepUnsent() {
  const items = queue.filter(item => !item.blob);
  unsentKept.set(items.length ? JSON.stringify(items.map(i => ({id: i.id, at: i.at, text: i.text, button: i.button, title: i.title}))) : null);
}
function leaveQueue(item) {
  queue = queue.filter(other => other !== item);
  item.node.classList.remove('waiting');
  keepUnsent();
}
function accept(item) {
  if (queue.indexOf(item) < 0) return;
  leaveQueue(item);
  accepted.push(item);
  seen.add(item.id);
  log.querySelectorAll('.sent:not(.wrong)').forEach(old => old.remove());
  status(item, 'Đã gửi');
}
function status(item, words, again, wrong) {
  const old = item.node.querySelector('.sent');
  if (old && old.dataset.words === words) return;  // a failed retry is not read aloud again
  if (old) old.remove();
  const line = el('p', wrong ? 'sent wrong' : 'sent', words);
  line.dataset.words = words;
  if (again) {
    const button = el('button', '', 'Thử lại');
    button.type = 'button';
    button.onclick = () => {
      status(item, 'Đang gửi…');
      (MOUSE ? field : log).focus({preventScroll: true});
      sendTries = 0;
      if (filled) flush(); else begin();
    };
    line.append(' – ', button);
  }
  item.node.appendChild(line);
}
const unsent = words => queue.forEach(item => status(item, words, true, true));
function restoreUnsent() {
  let items = [];
  try { items = JSON.parse(unsentKept.get() || '[]'); } catch (spoiled) { unsentKept.set(null); }
  items.filter(item => !seen.has(item.id) && !queue.some(other => other.id === item.id)).forEach(say);
  keepUnsent();
}
async function flush() {
  if (sending || !filled) return;
  clearTimeout(sendTimer);
  sending = true;
  while (queue.length) {
    const item = queue[0];
    let wait = 0, words = 'Chưa gửi được';
    try {
      const token = await open();
      const answer = await post(token, item);
      if (queue[0] !== item) continue;  // its echo came first, or the conversation was deleted meanwhile
      if (answer.ok) {
        accept(item);
        sendTries = 0;
        checkAnswered(Date.now());
        continue;
      }
      if (answer.status === 410) {
        await renew(token);
        begin();
        continue;
      }
      if (answer.status >= 400 && answer.status < 500 && answer.status !== 408 && answer.status !== 429) {
        leaveQueue(item);
        status(item, answer.data.error || 'Không gửi được tin nhắn này.', false, true);
        continue;
      }
      words = answer.data.error || words;
      wait = answer.after * 1000;
    } catch (failure) { /* no network: said below */ }
    if (queue[0] !== item) continue;
    unsent(words);
    sendTimer = setTimeout(flush, wait || backoff(sendTries += 1));
    break;
  }
  sending = false;
  toEnd(true);
}
function post(token, item) {
  if (item.blob) return sendPhoto(token, item);
  const what = item.button ? {button: item.button, title: item.title} : {text: item.text};
  return call('chat/messages', Object.assign({session: token, id: item.id}, what));
}
function sendPhoto(token, item) {
  const body = new FormData();
  body.append('file', item.blob, 'anh.' + item.blob.type.slice(6).replace('jpeg', 'jpg'));
  return call(address('chat/attachments', {session: token, id: item.id}), body, 90);
}

/* ---- On screen ---- */

// True where it was new.
function show(m) {
  const key = m.n || (m.from === 'me' && m.id);  // the person's own may come without a number, again and again
  if (key) {
    if (seen.has(key)) return false;
    seen.add(key);
    lastN = Math.max(lastN, m.n || 0);
  }
  if (m.from === 'me') {
    if (!echo(m)) { draw(m); choose(null, m.text); }
  } else {
    const asked = m.answers && queue.filter(item => item.id === m.answers)[0];
    if (asked) accept(asked);
    heardAt = Date.now();
    typing(false);
    log.querySelectorAll('.sent:not(.wrong)').forEach(old => { if (!old.closest('.waiting')) old.remove(); });
    expire(m.answers);
    const node = draw(m);
    if (filled) { reveal(node); tellUnread(); }
  }
  return true;
}
// The server's copy of what this page already shows.
function echo(m) {
  const id = m.id || m.answers, words = (m.text || '').trim();
  const same = i => i.blob ? /^$|^\[|ảnh/i.test(words) : (i.text || i.title || '').trim() === words;
  const item = id ? accepted.concat(queue).filter(i => i.id === id)[0]
    : accepted.concat(sending ? queue.slice(0, 1) : []).filter(same)[0];
  if (!item) return false;
  accept(item);
  accepted = accepted.filter(other => other !== item);
  return true;
}
function draw(m, waiting) {
  const from = SPEAKERS[m.from] ? m.from : 'bot';
  const at = new Date(m.at), next = waiting || !queue.length ? null : queue[0].node;  // what waits stays below
  const place = node => log.insertBefore(node, next);
  let last = next ? next.previousElementSibling : log.lastElementChild;
  const lastAt = last && last.dataset.at ? new Date(last.dataset.at) : null;
  if (!isNaN(at) && (lastAt ? lastAt.toDateString() !== at.toDateString() : !log.querySelector('.day'))) last = place(el('p', 'day', dayName(at)));
  const first = !last || last.dataset.from !== from || at - lastAt > 300000;
  const node = el('div', 'turn ' + from + (first ? ' first' : '') + (waiting ? ' waiting' : ''));
  node.dataset.from = from;
  if (!isNaN(at)) node.dataset.at = at.toISOString();
  const who = node.appendChild(el('p', first ? 'who' : 'hidden', SPEAKERS[from]));
  if (first && !isNaN(at)) {
    const time = who.appendChild(el('time', '', at.toLocaleTimeString('vi-VN', {hour: '2-digit', minute: '2-digit', hour12: false})));
    time.dateTime = at.toISOString();
  }
  const bubble = node.appendChild(el('div', 'bubble'));
  if (m.photo) {
    const image = bubble.appendChild(el('img'));
    image.alt = 'Ảnh anh/chị đã gửi';
    image.src = URL.createObjectURL(m.photo);
    image.onload = () => toEnd(true);
  } else {
    write(bubble, m.text || '');
  }
  (m.files || []).forEach(file => bubble.appendChild(attached(file)));
  if (m.buttons && m.buttons.length) node.appendChild(choices(m));
  return place(node);
}
// Only this session's token opens it.
function attached(file) {
  const link = el('a', 'file', file.kind === 'image' ? '' : file.name);
  link.href = address(file.path, {session: session});
  link.target = '_blank';
  link.rel = 'noopener noreferrer';
  if (file.kind === 'image') {
    const image = link.appendChild(el('img'));
    image.alt = file.name;
    image.src = link.href;
    image.onload = () => toEnd(true);
  } else {
    link.download = file.name;
  }
  return link;
}
function dayName(at) {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86400000);
  if (days === 0) return 'Hôm nay';
  if (days === 1) return 'Hôm qua';
  return at.toLocaleDateString('vi-VN', {weekday: 'long', day: 'numeric', month: 'numeric', year: 'numeric'});
}
const note = words => log.insertBefore(el('p', 'system', words), queue.length ? queue[0].node : null);

const LINKS = new RegExp('https?://[^\\s<>"\'“”‘’]+'
  + '|(?:\\+84[ .-]?|\\(?0)(?:[35789](?:[ .-]?\\d){8}|2\\d\\)?(?:[ .-]?\\d){8}|2\\d\\d\\)?(?:[ .-]?\\d){7})'  // mobile, landline
  + '|1[89]00(?:[ .]?\\d){4,6}|11[1-5]', 'g');  // service lines; emergency numbers

function write(parent, text) {
  let done = 0, found;
  LINKS.lastIndex = 0;
  while ((found = LINKS.exec(text))) {
    const target = linkTarget(found[0], text.slice(0, found.index), text.slice(LINKS.lastIndex));
    if (!target) continue;
    parent.append(text.slice(done, found.index));
    const link = parent.appendChild(el('a', target.href === target.words ? '' : 'tel', target.words));
    link.href = target.href;
    if (target.words === target.href) { link.target = '_blank'; link.rel = 'noopener noreferrer'; }
    done = LINKS.lastIndex = found.index + target.words.length;
  }
  parent.append(text.slice(done));
}
// Dossier codes, dates and document numbers look much like telephone numbers: what touches them tells.
function linkTarget(words, before, after) {
  if (/^http/.test(words)) {
    let url = words.replace(/[.,;:!?…\]}]+$/, '');
    if (url.indexOf('(') < 0) url = url.replace(/\)[.,;:!?…\])]*$/, '');
    return /^https?:\/\/./.test(url) ? {words: url, href: url} : null;
  }
  if (/[\w./+-]$/.test(before) || /^(?:[\w/:]|[.-]\w)/.test(after) || /^\d{1,2}[ .-]\d{1,2}[ .-]\d{4}/.test(words)) return null;
  if (words.length === 3 && !/gọi[^.\n]{0,24}$/i.test(before)) return null;
  return {words: words, href: 'tel:' + words.replace(/[^\d+]/g, '')};
}

function choices(m) {
  const list = el('ul', 'choices');
  list.dataset.answers = m.answers || '';
  m.buttons.forEach(b => {
    const link = b.kind === 'link';
    if (link && !/^https?:\/\//i.test(b.url || '')) return;
    const node = list.appendChild(el('li')).appendChild(el(link ? 'a' : 'button', 'choice', b.title));
    if (link) {
      node.href = b.url;
      node.target = '_blank';
      node.rel = 'noopener noreferrer';
      node.appendChild(el('span', 'hidden', ' (mở trang mới)'));
    } else {
      node.type = 'button';
      node.disabled = !!m.expired;
      node.onclick = () => { choose(node, b.title); say({button: b.id, title: b.title}); };
    }
  });
  return list;
}
// A click, or on reload the text of one: the choice is made.
function choose(node, title) {
  const open = Array.from(log.querySelectorAll('button.choice:not(:disabled)'));
  const chosen = node || open.filter(b => b.textContent === title)[0];
  if (!chosen) return;
  chosen.classList.add('chosen');
  disable(chosen.closest('.choices').querySelectorAll('button.choice'));
}
// Several bubbles may answer one message: they do not put out each other's buttons.
function expire(answers) {
  log.querySelectorAll('.choices').forEach(list => {
    if (!answers || list.dataset.answers !== answers) disable(list.querySelectorAll('button.choice'));
  });
}
function disable(buttons) {
  buttons.forEach(button => {
    if (button === document.activeElement) (MOUSE ? field : log).focus({preventScroll: true});
    button.disabled = true;
  });
}
function offerStarters() {
  const menu = log.querySelectorAll('button.choice:not(:disabled)').length;
  $('starters').hidden = !session || menu > 2 || queue.length > 0 || !!log.querySelector('.me');
}
let typingTimer = 0;
function typing(on) {
  const box = $('typing');
  clearTimeout(typingTimer);
  if (!on) {
    if (box.firstChild) box.textContent = '';
    return;
  }
  if (!box.firstChild) {
    const dots = box.appendChild(el('span', 'dots'));
    dots.setAttribute('aria-hidden', 'true');
    for (let i = 0; i < 3; i += 1) dots.appendChild(el('i'));
    box.append('Đang soạn câu trả lời…');
    toEnd(true);
  }
  typingTimer = setTimeout(() => typing(false), 30000);  // its "off" may have been lost
}

const atEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 90;
let stuck = true;
scroll.addEventListener('scroll', () => { stuck = atEnd(); if (stuck) $('newest').hidden = true; }, {passive: true});
window.addEventListener('resize', () => toEnd(true));
function toEnd(onlyIfThere) {
  if (!onlyIfThere || stuck) { scroll.scrollTop = scroll.scrollHeight; stuck = true; $('newest').hidden = true; }
}
// A long answer, in one bubble or several, is read from its beginning.
function reveal(newest) {
  if (!stuck) { $('newest').hidden = false; return; }
  toEnd();
  let node = newest, before;
  while ((before = node.previousElementSibling) && before.dataset.from && before.dataset.from !== 'me'
    && new Date(newest.dataset.at) - new Date(before.dataset.at) < 5000) node = before;
  const top = scroll.getBoundingClientRect().top + document.querySelector('.top').offsetHeight + 8;
  const over = top - node.getBoundingClientRect().top;
  if (over > 0) { scroll.scrollTop -= over; stuck = false; $('newest').hidden = false; }
}
$('newest').onclick = () => { toEnd(); log.focus({preventScroll: true}); };
function tellUnread() {
  if (EMBED) parent.postMessage({motcua: 'news'}, '*');
  if (document.hidden) document.title = '(' + (unread += 1) + ') ' + TITLE;
}

/* ---- What the person does ---- */

function grow() {
  field.style.height = 'auto';
  field.style.height = field.scrollHeight + 3 + 'px';
}
function submit() {
  const text = field.value.normalize('NFC').trim();
  if (!text) { field.focus(); return; }
  $('problem').textContent = '';
  field.value = '';
  grow();
  say({text: text});
  field.focus({preventScroll: true});
}
field.addEventListener('input', grow);
// Vietnamese input methods end a word with Enter: that Enter is not "send".
field.addEventListener('keydown', event => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  submit();
});
$('composer').addEventListener('submit', event => { event.preventDefault(); submit(); });
document.querySelectorAll('.chip').forEach(chip => {
  chip.onclick = () => { say({text: chip.textContent}); (MOUSE ? field : log).focus({preventScroll: true}); };
});

let photo = null, photoUrl = '';
function setPhoto(blob) {
  if (photoUrl) URL.revokeObjectURL(photoUrl);
  photo = blob;
  photoUrl = blob ? URL.createObjectURL(blob) : '';
  if (blob) $('photo-view').src = photoUrl;
  $('photo').hidden = !blob;
  $('file').value = '';
  (blob ? $('photo-send') : $('pick')).focus();
  toEnd(true);
}
async function shrink(file) {
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    await new Promise((done, fail) => { image.onload = done; image.onerror = fail; image.src = url; });
    const scale = PHOTO_SIDE / Math.max(image.naturalWidth, image.naturalHeight);
    if (scale >= 1 && file.size <= PHOTO_BYTES && PHOTO_TYPES.indexOf(file.type) >= 0) return file;
    const canvas = el('canvas');
    canvas.width = Math.round(image.naturalWidth * Math.min(1, scale));
    canvas.height = Math.round(image.naturalHeight * Math.min(1, scale));
    const brush = canvas.getContext('2d');
    brush.fillStyle = '#fff';  // JPEG knows no transparency
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise(done => canvas.toBlob(done, 'image/jpeg', .9));
  } finally {
    URL.revokeObjectURL(url);
  }
}
$('pick').onclick = () => $('file').click();
$('file').onchange = async () => {
  const file = $('file').files[0];
  $('problem').textContent = '';
  if (!file) return;
  try {
    const small = await shrink(file);
    if (!small || small.size > PHOTO_BYTES) throw new Error('too large');
    setPhoto(small);
  } catch (failure) {
    $('file').value = '';
    $('problem').textContent = 'Không đọc được ảnh này. Anh/chị chọn ảnh JPG, PNG hoặc WebP, nhỏ hơn 5 MB.';
  }
};
$('photo-send').onclick = () => { const blob = photo; setPhoto(null); say({blob: blob}); };
$('photo-drop').onclick = () => setPhoto(null);

function ask(shown) {
  $('veil').hidden = !shown;
  $('ask-problem').textContent = '';
  (shown ? $('ask-no') : $('forget')).focus();
}
$('forget').onclick = () => ask(true);
$('ask-no').onclick = () => ask(false);
$('ask-yes').onclick = async () => {
  const token = session;
  $('ask-yes').disabled = true;
  try {
    const answer = token ? await call('chat/forget', {session: token}) : {ok: true};
    if (!answer.ok && answer.status !== 410) throw new Error('not deleted');
    queue = [];
    keepUnsent();
    newPage(null);
    ask(false);
    note('Đã xóa cuộc trò chuyện.');
    begin();
  } catch (failure) {
    $('ask-problem').textContent = 'Chưa xóa được vì mất kết nối. Anh/chị thử lại sau ít phút.';
  }
  $('ask-yes').disabled = false;
};
$('veil').addEventListener('keydown', event => {
  if (event.key !== 'Tab') return;
  event.preventDefault();  // two buttons: Tab goes from one to the other, and not behind the question
  (document.activeElement === $('ask-no') ? $('ask-yes') : $('ask-no')).focus();
});
document.addEventListener('keydown', event => {
  if (event.key !== 'Escape' || event.isComposing) return;
  if (!$('veil').hidden) ask(false);
  else if (photo) setPhoto(null);
  else if (EMBED) parent.postMessage({motcua: 'close'}, '*');
});

/* ---- Life of the page ---- */

window.addEventListener('online', () => { connection('connecting'); cut = beginTries = sendTries = 0; begin(); });
window.addEventListener('offline', () => connection('down'));
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return;
  unread = 0;
  document.title = TITLE;
  begin();  // phones cut the connection of a page out of sight
});
window.addEventListener('storage', event => {
  if (event.key !== 'motcua.session' + DOOR || event.newValue === session) return;
  newPage(event.newValue);  // another tab deleted the conversation, or began the next one
  if (session) begin();
});
window.addEventListener('message', event => {
  if (EMBED && event.source === parent && event.data && event.data.motcua === 'focus' && MOUSE) field.focus();
});
if (EMBED) document.documentElement.classList.add('embed');
connection(navigator.onLine === false ? 'down' : 'connecting');
begin();
}());
