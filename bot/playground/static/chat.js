// The chat page: incoming events, actions of the person, rendering.

import { listen, post, remove } from "./api.js";
import { summary, unfold } from "./bubbles.js";
import { Composer } from "./composer.js";
import { botPlaceItems, showHeader } from "./header.js";
import { Log } from "./log.js";
import { showSidebar } from "./sidebar.js";
import { find, icon, portrait } from "./widgets/elements.js";
import { Menu } from "./widgets/menu.js";
import { announce, hush } from "./widgets/news.js";
import { wordsFor } from "./words.js";
import { placeKey, World } from "./world.js";

const TYPING_MILLISECONDS = 5000; // Telegram: how long a chat action is shown
const TOAST_MILLISECONDS = 3500;
const ANSWER_SECONDS = 15;
const SOON_MILLISECONDS = 40;
const MOST_FILE_BYTES = 512 * 1024; // see MOST_DOCUMENT_BYTES of the control API

const world = new World();
const scene = {
  world,
  here: { chat: 0, topic: null, user: 0 },
  words: wordsFor("vi"),
  connected: false,
  typing: new Map(), // place → the timer that ends it
};

const composer = new Composer({
  send: (text, more, { user, chat, topic }) => act("/messages", { text, ...more, user, chat, topic }),
  sendSticker: () => say("", { sticker: true }),
  sendFile,
  choose: (query, result) => act("/inline/choices", { topic: scene.here.topic, query_id: query, result_id: result }),
  lastOwn: () => world.in(scene.here).findLast((each) => each.sender === scene.here.user && each.kind === "text" && !each.via),
});

const log = new Log(scene, {
  say,
  reply: (message) => { if (!find("composer").hidden) composer.reply(message); },
  jump: (id) => { if (!log.jump(id)) toast(scene.words.gone); },
  press,
  follow,
  openMenu,
});

const menu = new Menu();

listen({
  world: begin,
  user: (user) => { world.people.set(user.id, user); showSoon(); },
  chat: (chat) => { world.chats.set(chat.id, chat); showSoon(); },
  descriptions: (texts) => { world.descriptions = texts; log.show(); },
  message: receive,
  deleted: drop,
  action: ({ action, ...place }) => { if (action === "typing") startTyping(placeKey(place)); },
  answer: showAnswer,
  offline: lose,
});

// Incoming events

function begin(data) {
  scene.connected = true;
  world.begin(data);
  const [chat, user, topic] = location.hash.slice(1).split("/").map(Number);
  log.clear();
  if (world.chats.has(scene.here.chat)) go(scene.here, scene.here.user);
  else if (world.chats.has(chat)) go({ chat, topic }, user);
  else if (data.people.length) go({ chat: data.people[0].id, topic: null }, data.people[0].id);
}

function lose() {
  if (scene.connected) announce(scene.words.offline);
  scene.connected = false;
  showHeader(scene);
}

function receive(message) {
  const before = world.message(message, message.message_id);
  const isNew = world.put(message);
  const isHere = placeKey(message) === placeKey(scene.here);
  const isPost = message.sender < 0; // a channel's own
  if (message.sender === world.bot.id || isPost) stopTyping(placeKey(message));
  // In a private chat, whose id is the person's, their own message is not news to them.
  const isOwn = message.sender === scene.here.user || (message.sender === message.chat && !isPost);
  if (isNew && (!isHere || document.hidden) && !isOwn) world.countUnread(message);
  showSoon();
  if (!isHere) return;
  const follows = log.isAtEnd() || message.sender === scene.here.user;
  log.show();
  if (message.sender !== scene.here.user && before?.text !== message.text) tell(message, isNew);
  if (!isNew) return;
  if (asksMe(message)) composer.replyAsAsked(message);
  if (follows) log.scrollToEnd();
  else log.miss();
}

/** Says a message of the open chat aloud, as new or as changed. */
function tell(message, isNew) {
  const { words } = scene;
  const text = summary(message, words);
  announce(isNew ? `${message.from}: ${text}` : words.hasEdited(message.from, text));
}

/** Whether the bot wants the person to reply to a message, with ForceReply. */
function asksMe({ force_reply: wish }) {
  return Boolean(wish) && (wish.from === null || wish.from.includes(scene.here.user));
}

function drop(message) {
  world.drop(message);
  if (composer.aim?.message.message_id === message.message_id) composer.release();
  showSoon();
  if (placeKey(message) === placeKey(scene.here)) log.show();
}

function startTyping(key) {
  clearTimeout(scene.typing.get(key));
  scene.typing.set(key, setTimeout(() => stopTyping(key), TYPING_MILLISECONDS));
  showTyping();
}

function stopTyping(key) {
  clearTimeout(scene.typing.get(key));
  if (scene.typing.delete(key)) showTyping();
}

function showAnswer(answer) {
  if (answer.user !== scene.here.user) return;
  if (/^https?:\/\//i.test(answer.url ?? "")) start(answer.url);
  if (!answer.text) return;
  if (answer.show_alert) {
    find("alert-text").textContent = answer.text;
    find("alert").showModal();
  } else toast(answer.text);
}

// Actions of the person

async function act(path, body) {
  try {
    return await post(path, { user: scene.here.user, chat: scene.here.chat, ...body });
  } catch (error) {
    toast(`${scene.words.failed}: ${error.message}`);
    return null;
  }
}

function say(text, more = {}) {
  return act("/messages", { text, topic: scene.here.topic, ...more });
}

async function sendFile(file, text, more) {
  if (file.size > MOST_FILE_BYTES) {
    toast(scene.words.fileTooLarge);
    return null;
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const content = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return say(text, { document: { name: file.name, content }, ...more });
}

function go({ chat, topic }, user) {
  const found = world.lookUp({ chat, topic });
  const members = found.chat?.members ?? [];
  const acting = found.chat?.type === "private" ? chat : user;
  const here = {
    chat,
    topic: found.topic?.id ?? null,
    user: members.includes(acting) ? acting : members[0] ?? chat,
  };
  scene.here = here;
  scene.words = wordsFor(world.people.get(here.user)?.language);
  const key = [here.chat, here.user, ...(here.topic ? [here.topic] : [])].join("/");
  history.replaceState(null, "", `#${key}`);
  world.unread.delete(placeKey(here));
  log.clear();
  hush();
  speak();
  const hint = found.chat?.type === "channel" ? scene.words.post : scene.words.placeholder;
  composer.turnTo({ key, ...here, bot: world.bot.username, hint }, scene.words);
  showComposer();
  showList();
  log.show();
  const wish = lastWish();
  if (wish) composer.replyAsAsked(wish);
  showTyping();
  log.scrollToEnd(true);
}

/** The message that waits for a reply of the person, if none has been sent since. */
function lastWish() {
  const messages = world.in(scene.here);
  const lastOwn = messages.findLastIndex((each) => each.sender === scene.here.user);
  return messages.slice(lastOwn + 1).findLast(asksMe);
}

function open(place) {
  go(place, scene.here.user);
  find("app").dataset.pane = "chat";
  composer.text.focus({ preventScroll: true });
}

async function press(message, button, key) {
  if (key.classList.contains("waiting")) return;
  const inline = button.switch_inline_query_current_chat ?? button.switch_inline_query;
  if (inline !== undefined) { askInline(inline); return; }
  if (button.switch_inline_query_chosen_chat) { chooseChat(button.switch_inline_query_chosen_chat, key); return; }
  if (button.copy_text) { await copy(button.copy_text.text); return; }
  if (button.data === undefined) return;
  key.classList.add("waiting");
  key.setAttribute("aria-busy", "true");
  await act("/buttons", { message_id: message.message_id, data: button.data, wait: ANSWER_SECONDS });
  key.classList.remove("waiting");
  key.removeAttribute("aria-busy");
}

function askInline(query) {
  composer.write(`@${world.bot.username} ${query}`);
  composer.text.focus();
}

/** Lets the person choose one of their chats, and writes an inline query there. */
function chooseChat(wish, key) {
  const { words, here } = scene;
  const { left, bottom } = key.getBoundingClientRect();
  const items = world.chatsFor(here.user, wish).map((chat) => ({
    picture: portrait(world, chat),
    word: chat.title,
    act: () => { open({ chat: chat.id, topic: null }); askInline(wish.query ?? ""); },
  }));
  if (items.length) menu.open(words.chooseChat, items, { x: left, y: bottom + 6 });
  else toast(words.noChats);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(scene.words.copied);
  } catch {
    toast(scene.words.notCopied);
  }
}

function follow(event, message) {
  const target = event.target.closest("a, .command, .spoiler, .mention, blockquote.expandable");
  if (!target) return;
  if (target.matches("a")) {
    if (start(target.href)) event.preventDefault();
  } else if (target.matches(".command")) {
    say(target.textContent);
  } else if (target.matches(".mention")) {
    composer.write(`${target.textContent} `);
    composer.text.focus();
  } else if (target.matches(".spoiler")) {
    target.classList.add("open");
    for (const name of ["role", "aria-label", "tabindex"]) target.removeAttribute(name);
  } else if (!String(getSelection())) unfold(target);
}

/** Links to the bot itself work within the page: `?start=x` sends "/start x". */
function start(address) {
  const url = new URL(address, location.href);
  const named = url.protocol === "tg:" ? url.searchParams.get("domain") : url.pathname.slice(1);
  const isTelegram = url.protocol === "tg:" || ["t.me", "telegram.me"].includes(url.hostname);
  if (!isTelegram || named?.toLowerCase() !== world.bot.username) return false;
  const { chat, user } = scene.here;
  if (chat !== user) go({ chat: user, topic: null }, user);
  const payload = url.searchParams.get("start");
  say(payload ? `/start ${payload}` : "/start");
  return true;
}

/** Opens the menu of a message at a point of the window. */
function openMenu(message, point) {
  const { words, here } = scene;
  const own = message.sender === here.user;
  menu.open(words.actions, [
    !find("composer").hidden && { picture: icon("reply"), word: words.reply, act: () => composer.reply(message) },
    message.text && { picture: icon("copy"), word: words.copy, act: () => navigator.clipboard?.writeText(message.text) },
    own && message.kind === "text" && !message.via && { picture: icon("edit"), word: words.edit, act: () => composer.edit(message) },
    { picture: icon("delete"), word: words.remove, act: () => erase(message), danger: true },
  ].filter(Boolean), point);
}

async function erase(message) {
  await remove(`/chats/${message.chat}/messages/${message.message_id}`).catch((error) => toast(error.message));
}

function openBotPlace() {
  const { left, bottom } = find("bot-place").getBoundingClientRect();
  const items = botPlaceItems(scene, (status) => act("/membership", { status }));
  menu.open(scene.words.botPlace, items, { x: left, y: bottom + 6 });
}

// Rendering

function speak() {
  document.documentElement.lang = scene.words === wordsFor("vi") ? "vi" : "en";
  for (const each of document.querySelectorAll("[data-word]")) each.textContent = scene.words[each.dataset.word];
  for (const each of document.querySelectorAll("[data-label]")) {
    each.setAttribute("aria-label", scene.words[each.dataset.label]);
    if (each.matches("button")) each.title = scene.words[each.dataset.label];
  }
}

/** Shows the composer, or to those who only read a channel a note in its place. */
function showComposer() {
  const chat = world.chats.get(scene.here.chat);
  const isChannel = chat?.type === "channel";
  const reads = isChannel && !chat.administrators.includes(scene.here.user);
  find("composer").hidden = reads;
  find("reading").hidden = !reads;
  find("commands").hidden = isChannel;
}

function showList() { showSidebar(scene, open); }

let soon = 0;

/** Shows what is around the messages, once for all that arrives at about the same time. */
function showSoon() {
  soon ||= setTimeout(() => {
    soon = 0;
    if (find("list").matches(":active")) { showSoon(); return; } // an element replaced while pressed gets no click
    showList();
    showHeader(scene);
    showComposer();
  }, SOON_MILLISECONDS);
}

function showTyping() {
  const atEnd = log.isAtEnd();
  find("typing").hidden = !scene.typing.has(placeKey(scene.here));
  showHeader(scene);
  if (atEnd) log.scrollToEnd();
}

let toastTimer = 0;

function toast(text) {
  const sign = find("toast");
  sign.textContent = text;
  sign.classList.add("shown");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => sign.classList.remove("shown"), TOAST_MILLISECONDS);
}

find("back").addEventListener("click", () => { find("app").dataset.pane = "list"; find("list").querySelector(".current")?.focus(); });
find("bot-place").addEventListener("click", openBotPlace);
find("acting").addEventListener("change", (event) => {
  const user = Number(event.target.value);
  go(scene.here.chat > 0 ? { chat: user, topic: null } : scene.here, user);
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && world.unread.delete(placeKey(scene.here))) showList();
});
