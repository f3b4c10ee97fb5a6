// The chat page: what is known of the world, and how it is shown.

import { listen, post, remove } from "./api.js";
import { bubble, element, icon, portrait, summary } from "./bubbles.js";
import { Composer } from "./composer.js";
import { wordsFor } from "./words.js";

const find = (id) => document.getElementById(id);
const TYPING_MILLISECONDS = 5000; // Telegram: how long a chat action is shown
const TOAST_MILLISECONDS = 3500;
const ANSWER_SECONDS = 15;
const ONE_GROUP_MINUTES = 5; // messages of one sender this close share a tail
const NEAR_THE_END = 120; // pixels

const world = { bot: { id: 0, name: "Hỏi Báo", username: "" }, people: new Map(), chats: new Map(), messages: new Map() };
const unread = new Map();
const typing = new Map();
let here = { chat: 0, user: 0 };
let words = wordsFor("vi");
let connected = false;
let missed = 0;

const composer = new Composer({
  send: (text, more, place) => act("/messages", { text, ...more, user: place.user, chat: place.chat }),
  sendSticker: () => act("/messages", { text: "", sticker: true }),
  choose: (query, result) => act("/inline/choices", { query_id: query, result_id: result }),
  lastOwn: () => [...shown()].reverse().find((each) => each.sender === here.user && each.kind === "text" && !each.via),
});

const hands = {
  reply: (message) => composer.reply(message),
  jump,
  press,
  follow,
  openMenu,
};

listen({
  world: begin,
  user: (user) => { world.people.set(user.id, user); showList(); showHeader(); },
  chat: (chat) => { world.chats.set(chat.id, chat); showList(); showHeader(); },
  message: receive,
  deleted: drop,
  action: ({ chat, action }) => { if (action === "typing") startTyping(chat); },
  answer: showAnswer,
  offline: () => { connected = false; showHeader(); },
});

// What arrives

function begin(data) {
  connected = true;
  world.bot = data.bot;
  world.people = new Map(data.people.map((each) => [each.id, each]));
  world.chats = new Map(data.chats.map((each) => [each.id, each]));
  world.messages = new Map(data.chats.map((each) => [each.id, new Map()]));
  for (const message of data.messages) world.messages.get(message.chat).set(message.message_id, message);
  const [chat, user] = location.hash.slice(1).split("/").map(Number);
  find("messages").replaceChildren();
  if (world.chats.has(here.chat)) go(here.chat, here.user);
  else if (world.chats.has(chat)) go(chat, user);
  else if (data.people.length) go(data.people[0].id, data.people[0].id);
}

function receive(message) {
  if (!world.messages.has(message.chat)) world.messages.set(message.chat, new Map());
  const known = world.messages.get(message.chat);
  const isNew = !known.has(message.message_id);
  known.set(message.message_id, message);
  if (message.sender === world.bot.id) stopTyping(message.chat);
  // In a private chat, whose id is the person's, their own message is not news to them.
  const isOwn = message.sender === here.user || message.sender === message.chat;
  if (isNew && (message.chat !== here.chat || document.hidden) && !isOwn) {
    unread.set(message.chat, (unread.get(message.chat) ?? 0) + 1);
  }
  showList();
  if (message.chat !== here.chat) return;
  const atEnd = isAtEnd();
  const own = message.sender === here.user;
  showMessages();
  if (!isNew) return;
  if (atEnd || own) scrollToEnd();
  else { missed += 1; showDown(); }
}

function drop(message) {
  world.messages.get(message.chat)?.delete(message.message_id);
  showList();
  if (message.chat === here.chat) showMessages();
}

function startTyping(chat) {
  clearTimeout(typing.get(chat));
  typing.set(chat, setTimeout(() => stopTyping(chat), TYPING_MILLISECONDS));
  showTyping();
}

function stopTyping(chat) {
  clearTimeout(typing.get(chat));
  if (typing.delete(chat)) showTyping();
}

function showAnswer(answer) {
  if (answer.user !== here.user) return;
  if (/^https?:\/\//i.test(answer.url ?? "")) start(answer.url);
  if (!answer.text) return;
  if (answer.show_alert) {
    find("alert-text").textContent = answer.text;
    find("alert").showModal();
  } else toast(answer.text);
}

// What the person does

async function act(path, body) {
  try {
    return await post(path, { user: here.user, chat: here.chat, ...body });
  } catch (error) {
    toast(`${words.failed}: ${error.message}`);
    return null;
  }
}

function go(chat, user) {
  const members = world.chats.get(chat)?.members ?? [];
  const acting = world.chats.get(chat)?.type === "private" ? chat : user;
  here = { chat, user: members.includes(acting) ? acting : members[0] ?? chat };
  words = wordsFor(world.people.get(here.user)?.language);
  history.replaceState(null, "", `#${here.chat}/${here.user}`);
  unread.delete(chat);
  missed = 0;
  find("messages").replaceChildren();
  speak();
  composer.turnTo({ key: `${here.chat}/${here.user}`, ...here, bot: world.bot.username }, words);
  showList();
  showHeader();
  showMessages();
  showTyping();
  scrollToEnd(true);
}

async function press(message, button, key) {
  if (key.classList.contains("waiting")) return;
  const inline = button.switch_inline_query_current_chat ?? button.switch_inline_query;
  if (inline !== undefined) { composer.write(`@${world.bot.username} ${inline}`); composer.text.focus(); return; }
  if (button.data === undefined) return;
  key.classList.add("waiting");
  key.setAttribute("aria-busy", "true");
  await act("/buttons", { message_id: message.message_id, data: button.data, wait: ANSWER_SECONDS });
  key.classList.remove("waiting");
  key.removeAttribute("aria-busy");
}

function follow(event, message) {
  const target = event.target.closest("a, .command, .spoiler, .mention, blockquote.expandable");
  if (!target) return;
  if (target.matches("a")) {
    if (start(target.href)) event.preventDefault();
  } else if (target.matches(".command")) {
    act("/messages", { text: target.textContent });
  } else if (target.matches(".mention")) {
    composer.write(`${target.textContent} `);
    composer.text.focus();
  } else target.classList.toggle("open");
}

/** Links to the bot itself work within the page: `?start=x` sends "/start x". */
function start(address) {
  const url = new URL(address, location.href);
  const named = url.protocol === "tg:" ? url.searchParams.get("domain") : url.pathname.slice(1);
  const isTelegram = url.protocol === "tg:" || ["t.me", "telegram.me"].includes(url.hostname);
  if (!isTelegram || named?.toLowerCase() !== world.bot.username) return false;
  const user = here.user;
  if (here.chat !== user) go(user, user);
  const payload = url.searchParams.get("start");
  act("/messages", { text: payload ? `/start ${payload}` : "/start" });
  return true;
}

function jump(id) {
  const row = find(`message-${id}`);
  if (!row) { toast(words.gone); return; }
  row.scrollIntoView({ block: "center", behavior: motion() });
  row.classList.remove("flash");
  requestAnimationFrame(() => row.classList.add("flash"));
  row.focus({ preventScroll: true });
}

function openMenu(event, message) {
  if (event.target.closest("a") || String(getSelection())) return;
  event.preventDefault();
  const own = message.sender === here.user;
  const items = [
    ["reply", words.reply, () => composer.reply(message)],
    message.text && ["copy", words.copy, () => navigator.clipboard?.writeText(message.text)],
    own && message.kind === "text" && !message.via && ["edit", words.edit, () => composer.edit(message)],
    ["delete", words.remove, () => remove(`/chats/${message.chat}/messages/${message.message_id}`).catch((error) => toast(error.message))],
  ].filter(Boolean);
  const menu = find("menu");
  menu.replaceChildren(...items.map(([name, word, deed]) => element(
    "button",
    { type: "button", role: "menuitem", class: name, onclick: () => { closeMenu(); deed(); } },
    icon(name), word,
  )));
  menu.hidden = false;
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(event.clientX, innerWidth - width - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(event.clientY, innerHeight - height - 8))}px`;
  menu.firstElementChild.focus();
}

function closeMenu() { find("menu").hidden = true; }

// What is shown

function shown() {
  const found = world.messages.get(here.chat) ?? new Map();
  return [...found.values()].sort((one, other) => one.message_id - other.message_id);
}

function speak() {
  document.documentElement.lang = words === wordsFor("vi") ? "vi" : "en";
  for (const each of document.querySelectorAll("[data-word]")) each.textContent = words[each.dataset.word];
  for (const each of document.querySelectorAll("[data-label]")) {
    each.setAttribute("aria-label", words[each.dataset.label]);
    if (each.matches("button")) each.title = words[each.dataset.label];
  }
}

function showList() {
  const chats = [...world.chats.values()].filter((each) => !each.migrated_to);
  const people = chats.filter((each) => each.type === "private");
  const groups = chats.filter((each) => each.type !== "private");
  const focused = document.activeElement?.closest?.(".entry")?.dataset.chat;
  find("list").replaceChildren(
    element("h2", {}, words.people), ...people.map(entry),
    element("h2", {}, words.groups), ...groups.map(entry),
  );
  if (focused) find("list").querySelector(`[data-chat="${focused}"]`)?.focus();
  const others = [...unread.values()].reduce((sum, each) => sum + each, 0);
  badge(find("elsewhere"), others);
  document.title = others ? `(${others}) Hỏi Báo` : "Hỏi Báo";
}

function entry(chat) {
  const who = chat.type === "private" ? world.people.get(chat.id) : chat;
  const messages = [...(world.messages.get(chat.id) ?? new Map()).values()];
  const last = messages.reduce((best, each) => (best && best.message_id > each.message_id ? best : each), null);
  const count = element("span", { class: "badge" });
  badge(count, unread.get(chat.id) ?? 0);
  const name = chat.type === "private" ? who?.name ?? chat.id : chat.title;
  const speaker = last && (last.sender === chat.id ? words.you : last.from);
  return element(
    "button",
    {
      class: `entry ${chat.id === here.chat ? "current" : ""}`, type: "button", "data-chat": chat.id,
      "aria-current": chat.id === here.chat ? "true" : null,
      onclick: () => { go(chat.id, here.user); find("app").dataset.pane = "chat"; composer.text.focus({ preventScroll: true }); },
    },
    portrait(world, { id: chat.id, name: String(name), type: chat.type === "private" ? null : chat.type }),
    element("span", { class: "entry-text" },
      element("span", { class: "entry-top" },
        element("b", {}, String(name)),
        chat.type === "private" ? element("small", { class: "tongue" }, (who?.language ?? "vi").slice(0, 2)) : null,
        last ? element("time", {}, last.date.slice(11, 16)) : null),
      element("span", { class: "entry-bottom" },
        element("span", { class: "entry-last" }, ...(last ? [element("em", {}, `${speaker}: `), summary(last, words)] : [words.nothingYet])),
        count)),
  );
}

function badge(where, count) {
  where.textContent = count > 99 ? "99+" : count || "";
  where.hidden = !count;
  if (count) where.setAttribute("aria-label", words.unread(count));
}

function showHeader() {
  const chat = world.chats.get(here.chat);
  if (!chat) return;
  const isPrivate = chat.type === "private";
  find("title").textContent = isPrivate ? world.bot.name : chat.title;
  find("portrait").replaceChildren(portrait(world, isPrivate ? world.bot : chat));
  const status = find("status");
  const isTyping = typing.has(here.chat);
  status.classList.toggle("busy", isTyping);
  if (!connected) status.textContent = words.offline;
  else if (isTyping) status.textContent = `${isPrivate ? "" : "Hỏi Báo "}${words.typing}…`;
  else status.textContent = isPrivate ? words.bot : words.members(chat.members.length);
  const people = isPrivate ? [...world.people.values()] : chat.members.map((id) => world.people.get(id)).filter(Boolean);
  find("acting").replaceChildren(...people.map((each) => element("option", { value: each.id }, each.name)));
  find("acting").value = here.user;
}

function showTyping() {
  const atEnd = isAtEnd();
  find("typing").hidden = !typing.has(here.chat);
  showHeader();
  if (atEnd) scrollToEnd();
}

const pictures = new WeakMap(); // element → the JSON that it shows

function showMessages() {
  const list = find("messages");
  const messages = shown();
  const context = { world, words, acting: { id: here.user } };
  const rows = new Map([...list.children].map((row) => [row.dataset.key, row]));
  const wanted = [];
  messages.forEach((message, index) => {
    const previous = messages[index - 1];
    const day = message.date.slice(0, 10);
    if (previous?.date.slice(0, 10) !== day) wanted.push(dayRow(day, rows));
    const original = world.messages.get(here.chat).get(message.reply_to);
    const row = messageRow(message, { ...context, original }, rows);
    row.classList.toggle("first", !together(previous, message));
    row.classList.toggle("last", !together(message, messages[index + 1]));
    wanted.push(row);
  });
  settle(list, wanted);
  showEmpty(messages.length === 0);
}

function messageRow(message, context, rows) {
  const picture = JSON.stringify([message, here.user, words.reply, context.original?.text]);
  const old = rows.get(`m${message.message_id}`);
  if (old && pictures.get(old) === picture) return old;
  const row = bubble(message, context, hands);
  row.dataset.key = `m${message.message_id}`;
  if (!old) row.classList.add("new");
  pictures.set(row, picture);
  return row;
}

function dayRow(day, rows) {
  const label = dayName(day);
  const old = rows.get(`d${day}`);
  if (old?.textContent === label) return old;
  return element("li", { class: "day", "data-key": `d${day}` }, element("span", {}, label));
}

function dayName(day) {
  const inVietnam = (moment) => new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Ho_Chi_Minh" }).format(moment);
  if (day === inVietnam(Date.now())) return words.today;
  if (day === inVietnam(Date.now() - 86400000)) return words.yesterday;
  return new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" }).format(new Date(day));
}

/** Makes the list hold exactly the wanted rows, touching only what differs. */
function settle(list, wanted) {
  const keep = new Set(wanted);
  for (const row of [...list.children]) if (!keep.has(row)) row.remove();
  wanted.forEach((row, index) => {
    if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
  });
}

function together(one, other) {
  if (!one || !other || one.sender !== other.sender) return false;
  return Math.abs(new Date(other.date) - new Date(one.date)) < ONE_GROUP_MINUTES * 60000;
}

function showEmpty(isEmpty) {
  find("empty").hidden = !isEmpty;
  if (!isEmpty) return;
  const inGroup = here.chat < 0;
  find("empty").querySelector("p").textContent = inGroup ? words.emptyGroup : words.emptyText;
  find("examples").replaceChildren(...(inGroup ? words.groupExamples(world.bot.username) : words.examples).map((text) =>
    element("button", { type: "button", onclick: () => act("/messages", { text }) }, text)));
}

// Scrolling and small signs

function isAtEnd() {
  const log = find("log");
  return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_THE_END;
}

function motion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
}

function scrollToEnd(atOnce = false) {
  const log = find("log");
  log.scrollTo({ top: log.scrollHeight, behavior: atOnce ? "instant" : motion() });
  missed = 0;
  showDown();
}

function showDown() {
  if (isAtEnd()) missed = 0;
  find("down").hidden = isAtEnd();
  badge(find("missed"), missed);
}

let toastTimer = 0;

function toast(text) {
  const sign = find("toast");
  sign.textContent = text;
  sign.classList.add("shown");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => sign.classList.remove("shown"), TOAST_MILLISECONDS);
}

find("log").addEventListener("scroll", showDown, { passive: true });
find("down").addEventListener("click", () => scrollToEnd());
find("back").addEventListener("click", () => { find("app").dataset.pane = "list"; find("list").querySelector(".current")?.focus(); });
find("acting").addEventListener("change", (event) => {
  const user = Number(event.target.value);
  go(here.chat > 0 ? user : here.chat, user);
});
find("messages").addEventListener("keydown", (event) => {
  if ((event.key === "Enter" || event.key === " ") && event.target.matches(".command, .spoiler, blockquote")) {
    event.preventDefault();
    event.target.click();
  }
});
document.addEventListener("click", (event) => { if (!find("menu").contains(event.target)) closeMenu(); });
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeMenu(); });
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && unread.delete(here.chat)) showList();
});
