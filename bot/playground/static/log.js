// The message list of the open chat or topic, with its scroll position.

import { bubble } from "./bubbles.js";
import { badge, element, find } from "./widgets/elements.js";
import { fadePills } from "./widgets/pill.js";
import { walk } from "./widgets/walk.js";

const ONE_GROUP_MINUTES = 5; // messages of one sender this close share a tail
const NEAR_THE_END = 120; // pixels

export class Log {
  /** `hands`: what bubbles need, and say(text) for the examples of an empty chat. */
  constructor(scene, hands) {
    this.scene = scene;
    this.hands = hands;
    this.list = find("messages");
    this.pictures = new WeakMap(); // element → the JSON that it shows
    this.missed = 0;
    this.follows = false; // on the way to the end, or there, until the person scrolls
    const log = find("log");
    log.addEventListener("scroll", () => this.showDown(), { passive: true });
    for (const act of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      log.addEventListener(act, () => { this.follows = false; }, { passive: true });
    }
    find("down").addEventListener("click", () => this.scrollToEnd());
    this.list.addEventListener("keydown", (event) => walk(event, this.rows()));
    this.list.addEventListener("focusin", ({ target }) => this.pointTo(target.closest(".message")));
    fadePills(log, this.list);
  }

  /** Turns to another place: nothing of the last one stays. */
  clear() {
    this.list.replaceChildren();
    this.missed = 0;
  }

  show() {
    const { world, here, words } = this.scene;
    const messages = world.in(here);
    const rows = new Map([...this.list.children].map((row) => [row.dataset.key, row]));
    const wanted = [];
    messages.forEach((message, index) => {
      const previous = messages[index - 1];
      const day = message.date.slice(0, 10);
      if (previous?.date.slice(0, 10) !== day) wanted.push(dayRow(day, rows, words));
      const row = this.row(message, rows);
      row.classList.toggle("first", !together(previous, message));
      row.classList.toggle("last", !together(message, messages[index + 1]));
      wanted.push(row);
    });
    const focus = this.focused();
    settle(this.list, wanted);
    this.focusAgain(focus);
    this.showEmpty(messages.length === 0);
  }

  row(message, rows) {
    const { world, words, here } = this.scene;
    const original = world.message(message, message.reply_to);
    const picture = JSON.stringify([message, here.user, words.reply, original?.text]);
    const key = `m${message.message_id}`;
    const old = rows.get(key);
    if (old && this.pictures.get(old) === picture) return old;
    const row = bubble(message, { world, words, acting: { id: here.user }, original }, this.hands);
    row.dataset.key = key;
    if (!old) row.classList.add("new");
    this.pictures.set(row, picture);
    return row;
  }

  rows() { return [...this.list.querySelectorAll(".message")]; }

  /** Where the focus is among the messages: which row, and which of its keys. */
  focused() {
    const row = document.activeElement.closest("#messages .message");
    if (!row) return null;
    return { place: this.rows().indexOf(row), id: row.id, key: keys(row).indexOf(document.activeElement) };
  }

  /** Puts the focus back where a message was changed or deleted under it. */
  focusAgain(focus) {
    const rows = this.rows();
    if (!focus) { this.pointTo(rows.at(-1)); return; }
    if (this.list.contains(document.activeElement)) return;
    const row = find(focus.id) ?? rows[Math.min(focus.place, rows.length - 1)];
    (keys(row)[focus.key] ?? row ?? find("text")).focus({ preventScroll: true });
  }

  /** Makes a message the one that Tab leads to. */
  pointTo(row) {
    for (const each of this.rows()) each.tabIndex = each === row ? 0 : -1;
  }

  showEmpty(isEmpty) {
    const { world, words, here } = this.scene;
    find("empty").hidden = !isEmpty;
    if (!isEmpty) return;
    const type = world.chats.get(here.chat)?.type ?? "private";
    const questions = world.examples(words.locale.split("-")[0]);
    const [title, text, examples] = {
      private: [words.emptyTitle, words.emptyText, [...questions, "/start"]],
      channel: [words.emptyChannelTitle, words.emptyChannel, []],
    }[type] ?? [words.emptyTitle, words.emptyGroup, questions.map((each) => `@${world.bot.username} ${each}`)];
    find("empty").querySelector("h3").textContent = title;
    find("empty").querySelector("p").textContent = text;
    find("examples").hidden = !examples.length;
    find("examples").replaceChildren(...examples.map((example) =>
      element("button", { type: "button", onclick: () => this.hands.say(example) }, example)));
  }

  isAtEnd() {
    const log = find("log");
    return this.follows || log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_THE_END;
  }

  scrollToEnd(atOnce = false) {
    const log = find("log");
    this.follows = true;
    log.scrollTo({ top: log.scrollHeight, behavior: atOnce ? "instant" : motion() });
    this.missed = 0;
    this.showDown();
  }

  miss() {
    this.missed += 1;
    this.showDown();
  }

  showDown() {
    if (this.isAtEnd()) this.missed = 0;
    find("down").hidden = this.isAtEnd();
    badge(find("missed"), this.missed, this.scene.words);
  }

  /** Scrolls to a message; says whether it is there. */
  jump(id) {
    const row = find(`message-${id}`);
    if (!row) return false;
    this.follows = false;
    row.scrollIntoView({ block: "center", behavior: motion() });
    row.classList.remove("flash");
    requestAnimationFrame(() => row.classList.add("flash"));
    row.focus({ preventScroll: true });
    return true;
  }
}

function motion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
}

function dayRow(day, rows, words) {
  const label = dayName(day, words);
  const old = rows.get(`d${day}`);
  if (old?.textContent === label) return old;
  return element("li", { class: "day", "data-key": `d${day}` }, element("span", {}, label));
}

function dayName(day, words) {
  const inVietnam = (moment) => new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Ho_Chi_Minh" }).format(moment);
  if (day === inVietnam(Date.now())) return words.today;
  if (day === inVietnam(Date.now() - 86400000)) return words.yesterday;
  const [year, month, date] = day.split("-").map(Number);
  if (words.locale === "vi") return `${date}/${month}/${year}`; // 14/5/2024, as the bot writes it
  return new Intl.DateTimeFormat(words.locale, { dateStyle: "long", timeZone: "UTC" }).format(new Date(day));
}

/** Makes the list hold exactly the wanted rows, touching only what differs. */
function settle(list, wanted) {
  const keep = new Set(wanted);
  for (const row of [...list.children]) if (!keep.has(row)) row.remove();
  wanted.forEach((row, index) => {
    if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
  });
}

const keys = (row) => [...(row?.querySelectorAll(".key") ?? [])];

function together(one, other) {
  if (!one || !other || one.sender !== other.sender) return false;
  return Math.abs(new Date(other.date) - new Date(one.date)) < ONE_GROUP_MINUTES * 60000;
}
