// The pill with the day: it floats over the messages while they move, and fades when they rest.

const REST_MILLISECONDS = 1000;

/** Lets the pills of a scrolled list of messages fade. */
export function fadePills(log, list) {
  let rest = 0;
  const observe = () => { for (const day of list.querySelectorAll(".day")) day.classList.toggle("floating", floats(day)); };
  log.addEventListener("scroll", () => {
    observe();
    list.classList.add("moving");
    clearTimeout(rest);
    rest = setTimeout(() => list.classList.remove("moving"), REST_MILLISECONDS);
  }, { passive: true });
  new ResizeObserver(observe).observe(list);
}

/** Whether a pill lies over the message below it. */
function floats(day) {
  const next = day.nextElementSibling;
  return Boolean(next) && next.getBoundingClientRect().top < day.getBoundingClientRect().bottom - 1;
}
