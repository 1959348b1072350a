import { Api } from "/v1/widget/client/api.js";
import { beat } from "/v1/widget/client/beat.js";
import { Live } from "/v1/widget/client/live.js";
import { Case } from "./helper_case.js";
import { tell } from "./helper_words.js";
import { Offers } from "./helper_offers.js";
import { Merit } from "./helper_merit.js";
import { language, translate } from "./language.js";

const ACTIVE = 60_000;
const THANKED = 4_000;
const IN_HAND = new Set(["claimed", "in_progress", "handing_over", "answered"]);
const at = (id) => document.getElementById(id);

/** Someone of the demonstration who helps, from coming in to being thanked. */
class Helper {
  constructor(api, organizationId, me) {
    Object.assign(this, { api, organizationId, me });
    this.own = `/me/organizations/${organizationId}`;
    this.live = new Live(() => api.postOnce("/live/tickets", undefined, { again: true }));
    this.live.addEventListener("open", () => {
      this.live.tell({ kind: "subscribe", notifications: true });
      this.#active();
      this.render();
      this.look();
    });
    this.live.addEventListener("lost", () => this.render());
    this.live.addEventListener("frame", ({ detail }) => detail.kind === "notification" && this.look());
    this.offers = new Offers(this, (question) => this.take(question));
    this.merit = new Merit(this);
    this.isHere = false;
  }

  async begin() {
    await this.read();
    const { data } = await this.api.get(`${this.own}/questions`, { role: "helper", limit: 1 });
    const [latest] = data;
    if (latest && IN_HAND.has(latest.state)) this.take(latest);
    beat(this.live, () => this.look());
    setInterval(() => this.#active(), ACTIVE);
    // nobody is told of thanks: who looks finds them
    setInterval(() => this.case?.question.state === "resolved" && this.merit.read().catch(() => {}), THANKED);
    await this.look();
  }

  /** What waits, what became of the question in hand, what was recognized. */
  async look() {
    const all = [this.offers.read(), this.case?.read(), this.merit.read(), this.#reread()];
    await Promise.all(all.map((one) => one?.catch?.(() => {})));
  }

  /** How many conversations they are in changes what being here brings. */
  async #reread() {
    const { in_hand } = await this.api.get(`${this.own}/helping`);
    Object.assign(this.helping, { in_hand });
    this.render();
  }

  take(question) {
    this.case?.stop();
    this.case = new Case(this, question, () => this.leave());
    at("case").replaceChildren(this.case.root);
    at("talk").hidden = false;
    at("talk-title").focus();
  }

  leave() {
    this.case?.stop();
    this.case = null;
    at("talk").hidden = true;
    at("case").replaceChildren();
    at("offers-title").focus();
    this.look();
  }

  async read() {
    this.helping = await this.api.get(`${this.own}/helping`);
    at("topics").value = this.helping.topics.join(", ");
    at("all").checked = this.helping.all_topics;
    this.render();
  }

  async help() {
    const topics = at("topics").value.split(",").map((topic) => topic.trim()).filter(Boolean);
    const { quiet_from, quiet_to, daily_cap } = this.helping;
    const body = {
      topics: [...new Set(topics)], all_topics: at("all").checked, capacity: Math.max(1, this.helping.capacity),
      daily_cap: Math.max(5, daily_cap), quiet_from, quiet_to,
    };
    this.helping = await this.api.put(`${this.own}/helping`, body);
    this.render();
    at("said").textContent = tell("saved");
    await this.look();
  }

  come() {
    this.isHere = !this.isHere;
    if (this.isHere) this.live.start();
    else this.live.stop();
    this.render();
  }

  async pause() {
    const place = `${this.own}/helping/pause`;
    this.helping = await (this.helping.paused ? this.api.delete(place) : this.api.put(place, {}));
    this.render();
    await this.look();
  }

  render() {
    const { paused } = this.helping;
    const being = paused ? "paused" : !this.isHere ? "offline" : this.live.isOpen ? "online" : "reconnecting";
    const told = being === "online" ? this.#reach() : being;
    at("being").textContent = tell(told, { count: this.helping.daily_cap });
    at("being").dataset.being = being;
    if (told === "no_topic" && this.told !== told) at("helping").parentElement.open = true;
    this.told = told;
    at("here").textContent = tell(this.isHere ? "leave" : "come");
    at("here").setAttribute("aria-pressed", String(this.isHere));
    at("here").classList.toggle("strong", !this.isHere);
    at("pause").textContent = tell(paused ? "resume" : "pause");
    at("pause").setAttribute("aria-pressed", String(paused));
  }

  /** What being here brings: nothing is proposed to whoever chose no subject, or takes no question. */
  #reach() {
    const { topics, all_topics: all, daily_cap: cap, capacity, in_hand: taken } = this.helping;
    if (!topics.length && !all) return "no_topic";
    if (!capacity || !cap) return "no_more";
    return taken >= capacity ? "full" : "online";
  }

  #active() {
    if (this.live.isOpen && !document.hidden) this.live.tell({ kind: "presence", state: "active" });
  }
}

let helper = null;

async function signIn(who) {
  const answer = await fetch(`/demo/token?as=${encodeURIComponent(who)}`);
  if (!answer.ok) throw new Error(tell("nobody"));
  const api = new Api(`${location.origin}/v1`, language);
  api.token = (await answer.json()).token;
  const [me, found] = await Promise.all([api.get("/me"), api.get("/organizations", { slug: "cyclofil" })]);
  if (!found.data.length) throw new Error(tell("nobody"));
  helper = new Helper(api, found.data[0].id, me.id);
  await helper.begin();
  at("inside").hidden = false;
  at("sign-in").hidden = true;
  at("presence-title").focus();
  at("said").textContent = me.name;
}

async function tried(act) {
  at("said").textContent = "";
  try {
    await act();
  } catch (failure) {
    at("said").textContent = failure.message || tell("failed");
  }
}

translate();
document.title = document.querySelector("h1").textContent;
at("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  tried(() => signIn(at("who").value));
});
at("helping").addEventListener("submit", (event) => {
  event.preventDefault();
  tried(() => helper.help());
});
at("here").addEventListener("click", () => helper.come());
at("pause").addEventListener("click", () => tried(() => helper.pause()));
