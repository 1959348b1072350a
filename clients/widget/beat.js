import { isLooking } from "./attention.js";

const WITHOUT = 5_000;
const WITH = 55_000;

/**
 * Do something again and again while someone looks: every few seconds without a live connection, once a minute
 * with one, in case something was lost on the way. What nobody looks at must not count as seen.
 * @param {{isOpen: boolean}} live
 * @param {() => void} act
 * @returns {() => void} stops it
 */
export function beat(live, act) {
  const timers = [
    setInterval(() => live.isOpen || document.hidden || act(), WITHOUT),
    setInterval(() => live.isOpen && isLooking() && act(), WITH),
  ];
  return () => timers.forEach(clearInterval);
}
