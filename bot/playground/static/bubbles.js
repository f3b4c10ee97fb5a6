// Render a message as an element: bubble, quoted message, inline keyboard.

import { element, icon, portrait } from "./widgets/elements.js";

/** One line that stands for a message in a list or above a reply. */
export function summary(message, words) {
  const kinds = { sticker: `🙂 ${words.stickerWord}`, photo: `🖼 ${words.photoWord}` };
  const text = message.text.replace(/\s+/g, " ").trim();
  if (message.document) return `📄 ${message.document}`;
  return message.kind === "photo" && text ? `🖼 ${text}` : kinds[message.kind] ?? text;
}

/**
 * Makes the element of a message.
 * `hands` says what happens: reply, jump, press, follow, openMenu.
 */
export function bubble(message, context, hands) {
  const { world, words, acting, original } = context;
  const own = message.sender === acting.id;
  const inGroup = message.chat < 0;
  const box = element("div", { class: `bubble ${message.kind}` });
  if (inGroup && !own) {
    const shade = `author ink-${message.sender === world.bot.id ? "bot" : Math.abs(message.sender) % 7}`;
    box.append(element("span", { class: shade }, message.from));
  } else {
    box.append(element("span", { class: "unseen" }, `${own ? words.you : message.from}: `));
  }
  if (message.via) box.append(element("span", { class: "via" }, words.via(world.bot.username)));
  if (message.reply_to) box.append(quoted(message, original, words, hands));
  box.append(content(message, words));
  if (message.preview) box.append(preview(message.preview));
  box.append(meta(message, own, words));
  const stack = element("div", { class: "stack" }, box);
  if (message.buttons.length) stack.append(keyboard(message, hands));
  const tools = element(
    "div", { class: "tools" },
    tool("answer", "reply", words.reply, () => hands.reply(message)),
    tool("more", "more", words.actions, (event) => hands.openMenu(message, below(event.currentTarget)), "menu"),
  );
  const row = element("li", {
    class: `message ${own ? "own" : "theirs"}`,
    "data-id": message.message_id,
    id: `message-${message.message_id}`,
    tabindex: "-1",
    oncontextmenu: (event) => {
      if (event.target.closest("a") || String(getSelection())) return; // the browser's own menu is of more use
      event.preventDefault();
      hands.openMenu(message, { x: event.clientX, y: event.clientY });
    },
    ondblclick: () => hands.reply(message),
    onkeydown: (event) => {
      if (event.key !== "Enter" || event.target !== row) return;
      event.preventDefault(); // or the first item of the menu would get the key too
      hands.openMenu(message, below(box));
    },
  });
  if (inGroup && !own) {
    const who = world.people.get(message.sender) ?? world.chats.get(message.sender) ?? world.bot;
    row.append(portrait(world, who));
  }
  row.append(stack, tools);
  swipe(row, stack, () => hands.reply(message));
  box.addEventListener("click", (event) => hands.follow(event, message));
  return row;
}

function tool(name, glyph, label, act, popup) {
  const attributes = { class: name, type: "button", "aria-label": label, title: label, "aria-haspopup": popup, onclick: act };
  return element("button", attributes, icon(glyph));
}

function below(part) {
  const { left, bottom } = part.getBoundingClientRect();
  return { x: left, y: bottom + 4 };
}

function content(message, words) {
  const text = element("div", { class: "text", dir: "auto" });
  if (message.kind === "sticker") text.append("🙂");
  if (message.picture) {
    const src = `/playground/chats/${message.chat}/messages/${message.message_id}/document`;
    text.append(element("img", { class: "chart", src, alt: "" })); // the caption says it
  } else if (message.kind === "photo") text.append(element("span", { class: "picture", "aria-hidden": "true" }, "🖼"));
  if (message.document) {
    const href = `/playground/chats/${message.chat}/messages/${message.message_id}/document`;
    text.append(element("a", { class: "document", href, download: message.document }, `📄 ${message.document}`));
  }
  // The server's own sanitiser made this HTML: escaped text and a fixed set of tags.
  text.insertAdjacentHTML("beforeend", message.html);
  for (const part of text.querySelectorAll(".command, .mention, .spoiler")) pressable(part);
  for (const spoiler of text.querySelectorAll(".spoiler")) spoiler.setAttribute("aria-label", words.spoiler);
  for (const quote of text.querySelectorAll("blockquote")) quote.lang = "vi"; // as the news, whatever the person's language
  for (const quote of text.querySelectorAll("blockquote.expandable")) {
    quote.append(element("button", { class: "unfold", type: "button", "aria-label": words.unfold, "aria-expanded": "false" }));
    quote.addEventListener("focusin", ({ target }) => { if (!target.matches(".unfold")) unfold(quote, true); });
    heights.observe(quote);
  }
  return text;
}

/** Makes a part of a text a button, also for keys. */
function pressable(part) {
  part.tabIndex = 0;
  part.setAttribute("role", "button");
  part.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    part.click();
  });
}

/** Marks the quotes that show all of their text while they are closed. */
const heights = new ResizeObserver((changes) => {
  for (const { target } of changes) {
    if (target.matches(".open")) continue;
    target.classList.toggle("short", target.scrollHeight <= target.clientHeight + 1);
  }
});

/** Opens or closes an expandable quote. */
export function unfold(quote, isOpen = !quote.matches(".open")) {
  quote.classList.toggle("open", isOpen);
  quote.querySelector(".unfold").setAttribute("aria-expanded", String(isOpen));
}

/** The card of a linked page: nothing but its address is known of it. */
function preview({ url, site, title }) {
  const link = { class: "preview", href: url, target: "_blank", rel: "noopener noreferrer nofollow" };
  return element("a", link, element("b", {}, site), element("span", { dir: "auto" }, title));
}

function meta(message, own, words) {
  const time = element("time", { datetime: message.date }, message.date.slice(11, 16));
  const mark = message.edited ? `${words.edited} ` : "";
  const hush = message.silent ? element("span", { class: "hush", role: "img", title: words.silent, "aria-label": words.silent }, icon("silent")) : null;
  return element("span", { class: "meta" }, mark, hush, time, own ? icon("read") : null);
}

function quoted(message, original, words, hands) {
  return element(
    "button",
    { class: "quoted", type: "button", onclick: () => hands.jump(message.reply_to) },
    element("b", {}, original ? original.from : words.reply),
    element("span", {}, original ? summary(original, words) : words.gone),
  );
}

function keyboard(message, hands) {
  const rows = message.buttons.map((row) =>
    element("div", { class: "keys" }, ...row.map((button) => key(message, button, hands))),
  );
  return element("div", { class: "keyboard" }, ...rows);
}

function key(message, button, hands) {
  if (/^(https?|tg):\/\//i.test(button.url ?? "")) {
    const link = { class: "key", href: button.url, target: "_blank", rel: "noopener noreferrer" };
    const made = element("a", link, button.text, icon("external"));
    made.addEventListener("click", (event) => hands.follow(event, message));
    return made;
  }
  const made = element("button", { class: "key", type: "button" }, button.text);
  made.addEventListener("click", () => hands.press(message, button, made));
  return made;
}

const SWIPE_PIXELS = 56;

function swipe(row, stack, done) {
  let start = null;
  let moved = 0;
  row.addEventListener("touchstart", (event) => {
    start = event.touches.length === 1 ? event.touches[0] : null;
    moved = 0;
  }, { passive: true });
  row.addEventListener("touchmove", (event) => {
    if (!start) return;
    const touch = event.touches[0];
    const across = touch.clientX - start.clientX;
    if (Math.abs(touch.clientY - start.clientY) > Math.abs(across) + 8) start = null;
    moved = start ? Math.max(-SWIPE_PIXELS - 16, Math.min(0, across)) : 0;
    stack.style.transform = moved < -8 ? `translateX(${moved}px)` : "";
    row.classList.toggle("swiped", moved <= -SWIPE_PIXELS);
  }, { passive: true });
  row.addEventListener("touchend", () => {
    stack.style.transform = "";
    row.classList.remove("swiped");
    if (start && moved <= -SWIPE_PIXELS) done();
    start = null;
  });
}
