/**
 * Have the tabs of one browser know of one another: what one asked is found in the other, and what one was told
 * to forget the other forgets.
 * @param {import("./visit.js").Visit} visit
 * @param {() => boolean} isStillThere whether this page still shows it
 * @returns {() => Promise<void>} looks at once
 */
export function together(visit, isStillThere) {
  const { memory, session } = visit;

  async function look() {
    const { guest, question_id: questionId } = memory.read();
    if (!guest) return session.guest && memory.isShared && visit.forget();
    const isSame = session.guest?.guest_id === guest.guest_id;
    if (visit.question && !isSame) return; // someone else's link was followed there: this one goes on
    if (session.guest?.token !== guest.token) session.resume(); // it was renewed, or shown to be theirs
    if (!visit.question && questionId && !visit.isAsking) await visit.restore(questionId);
  }

  const quietly = () => look().catch(() => {}); // it is looked at again when the panel is opened
  const heard = ({ key }) => {
    if (!isStillThere()) removeEventListener("storage", heard);
    else if (key === memory.name || key === null) quietly();
  };
  addEventListener("storage", heard);
  return quietly;
}
