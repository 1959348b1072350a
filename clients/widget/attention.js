const IDLE = 120_000;
const TOLD_EVERY = 45_000;
const SIGNS = ["pointermove", "pointerdown", "keydown", "wheel", "scroll", "touchstart"];

/** Tells `back` when someone who had turned away looks again. */
const attention = new EventTarget();
let latest = Date.now();

/** Whether someone looks at this page: it can be seen, and something was done on it in the last two minutes. */
export function isLooking() {
  return !document.hidden && Date.now() - latest < IDLE;
}

function noticed() {
  const wasAway = !isLooking();
  latest = Date.now();
  if (wasAway && !document.hidden) attention.dispatchEvent(new Event("back"));
}

for (const sign of SIGNS) addEventListener(sign, noticed, { passive: true, capture: true });
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return attention.dispatchEvent(new Event("away"));
  latest = 0; // whoever comes back to the tab comes back
  return noticed();
});

/**
 * Have the live channel know whether someone looks: what is said to whoever does not is mailed to them.
 * @param {import("./live.js").Live} live
 * @param {() => void} back what to do when they look again
 * @returns {() => void} stops it
 */
export function attend(live, back) {
  const tell = (state) => live.isOpen && live.tell({ kind: "presence", state });
  const again = () => {
    tell("active");
    back();
  };
  const away = () => tell("afk");
  const opened = () => tell(isLooking() ? "active" : "afk");
  const timer = setInterval(() => isLooking() && tell("active"), TOLD_EVERY);
  attention.addEventListener("back", again);
  attention.addEventListener("away", away);
  live.addEventListener("open", opened);
  return () => {
    clearInterval(timer);
    attention.removeEventListener("back", again);
    attention.removeEventListener("away", away);
    live.removeEventListener("open", opened);
  };
}
