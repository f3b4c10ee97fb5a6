// DOM helpers and small elements shared by all parts of the page.

export const find = (id) => document.getElementById(id);

/** Makes an element; children that are strings become text. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `/static/images/icons.svg#${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("glyph", `glyph-${name}`);
  svg.append(use);
  return svg;
}

/** The round picture of the bot, a person or a chat. */
export function portrait(world, who) {
  if (who.id === world.bot.id) {
    return element("img", { class: "avatar", src: "/static/images/bot.svg", alt: "" });
  }
  const content = who.type ? icon(who.type === "channel" ? "channel" : "group") : [...who.name][0]?.toUpperCase() ?? "?";
  return element("span", { class: `avatar ${shade(who.id)}`, "aria-hidden": "true" }, content);
}

/** The picture of a topic. */
export function topicPortrait(topic) {
  return element("span", { class: `avatar topic ${shade(topic.id)}`, "aria-hidden": "true" }, icon("topic"));
}

const shade = (id) => `shade-${Math.abs(id) % 7}`;

/** Shows a count, or nothing for none. */
export function badge(where, count, words) {
  where.textContent = count > 99 ? "99+" : count || "";
  where.hidden = !count;
  where.setAttribute("role", "img"); // its label is read in place of its text
  if (count) where.setAttribute("aria-label", words.unread(count));
  else where.removeAttribute("aria-label");
}
