const WITHOUT = 5_000;
const WITH = 55_000;

/**
 * Do something again and again: every few seconds while there is no live connection and someone looks, once a
 * minute while there is one, in case something was lost on the way.
 * @param {{isOpen: boolean}} live
 * @param {() => void} act
 * @returns {() => void} stops it
 */
export function beat(live, act) {
  const timers = [
    setInterval(() => live.isOpen || document.hidden || act(), WITHOUT),
    setInterval(() => live.isOpen && act(), WITH),
  ];
  return () => timers.forEach(clearInterval);
}
