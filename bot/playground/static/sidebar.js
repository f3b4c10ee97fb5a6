// The list of people, groups with their topics, and channels.

import { summary } from "./bubbles.js";
import { badge, element, find, portrait, topicPortrait } from "./widgets/elements.js";
import { placeKey } from "./world.js";

/** Shows the list; `open(place)` is called for what is chosen. */
export function showSidebar(scene, open) {
  const { world, words } = scene;
  const chats = [...world.chats.values()].filter((each) => !each.migrated_to);
  const all = chats.filter((each) => each.type === "private");
  const people = world.crowd(all, scene.here.chat);
  const groups = chats.filter((each) => !["private", "channel"].includes(each.type));
  const channels = chats.filter((each) => each.type === "channel");
  const focused = document.activeElement?.closest?.(".entry")?.dataset.place;
  find("list").replaceChildren(
    element("h2", {}, words.people),
    ...people.map((chat) => entry(scene, { chat: chat.id, topic: null }, open)),
    ...(all.length > people.length ? [element("p", { class: "note" }, words.others(all.length - people.length))] : []),
    element("h2", {}, words.groups),
    ...groups.flatMap((chat) => [null, ...chat.topics.map((topic) => topic.id)].map(
      (topic) => entry(scene, { chat: chat.id, topic }, open),
    )),
    element("h2", {}, words.channels),
    ...channels.map((chat) => entry(scene, { chat: chat.id, topic: null }, open)),
  );
  if (focused) find("list").querySelector(`[data-place="${focused}"]`)?.focus();
  const others = [...world.unread.values()].reduce((sum, each) => sum + each, 0);
  badge(find("elsewhere"), others, words);
  document.title = others ? `(${others}) Hỏi Báo` : "Hỏi Báo";
}

function entry(scene, place, open) {
  const { world, words } = scene;
  const { chat, topic } = world.lookUp(place);
  const isPrivate = chat.type === "private";
  const who = isPrivate ? world.people.get(chat.id) : chat;
  const name = String(topic?.name ?? (isPrivate ? who?.name ?? chat.id : chat.title));
  const last = world.in(place).at(-1);
  const key = placeKey(place);
  const isCurrent = key === placeKey(scene.here);
  const count = element("span", { class: "badge" });
  badge(count, world.unread.get(key) ?? 0, words);
  return element(
    "button",
    {
      class: `entry ${topic ? "topic" : ""} ${isCurrent ? "current" : ""}`, type: "button",
      "data-place": key, "data-chat": topic ? null : chat.id,
      "aria-current": isCurrent ? "true" : null,
      onclick: () => open(place),
    },
    topic ? topicPortrait(topic) : portrait(world, { id: chat.id, name, type: isPrivate ? null : chat.type }),
    element("span", { class: "entry-text" },
      element("span", { class: "entry-top" },
        element("b", {}, name),
        isPrivate ? element("small", { class: "tongue" }, (who?.language ?? "vi").slice(0, 2)) : null,
        last ? element("time", {}, last.date.slice(11, 16)) : null),
      element("span", { class: "entry-bottom" },
        element("span", { class: "entry-last" }, ...lastWords(last, chat, words)),
        count)),
  );
}

function lastWords(last, chat, words) {
  if (!last) return [words.nothingYet];
  if (chat.type === "channel") return [summary(last, words)];
  const speaker = last.sender === chat.id ? words.you : last.from;
  return [element("em", {}, `${speaker}: `), summary(last, words)];
}
