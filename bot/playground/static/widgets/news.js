// Tell a screen reader what happens on the page.

import { element, find } from "./elements.js";

const MOST_NEWS = 5; // read out one after the other, also when they come at once

export function announce(text) {
  const news = find("news");
  news.append(element("p", {}, text));
  while (news.children.length > MOST_NEWS) news.firstElementChild.remove();
}

export function hush() { find("news").replaceChildren(); }
