import { language } from "./language.js";

const ALL = {
  fr: {
    offline: "Hors ligne\u00a0: rien ne vous sera proposé à l’improviste\u202f; ce qui attend est ci-dessous.",
    online: "Vous êtes là\u00a0: on peut vous proposer une question, {count} fois par jour au plus.",
    no_topic: "Vous êtes là, mais rien ne peut vous être proposé\u00a0: choisissez d’abord sur quoi vous aidez.",
    no_more: "Vous êtes là, mais vos réglages disent de ne rien vous proposer.",
    full: "Vous êtes là, mais rien de plus ne vous est proposé tant que vos conversations ne sont pas finies.",
    reconnecting: "Connexion perdue, nous réessayons.",
    paused: "En pause\u00a0: rien ne vous est proposé.",
    leave: "Ne plus être là", come: "Je suis là", pause: "Faire une pause", resume: "Reprendre",
    nobody: "Cette personne n’est pas dans la démonstration. Lancez-la avec ses données.",
    failed: "Cela n’a pas marché. Réessayez.",
    saved: "C’est noté.",
    why: "Pourquoi vous\u00a0: {why}", waits: "Attend depuis {time}", claim: "Je m’en occupe",
    guest: "Une personne sans compte", unverified: "invité non vérifié", from: "Depuis la page\u00a0:",
    first_word: "Dites un premier mot avant {time}, sans quoi la question repart.",
    done: "J’ai terminé", release: "Rendre la question", close: "Fermer cette conversation",
    state_claimed: "À vous.", state_in_progress: "Vous en parlez.", state_handing_over: "Un relais est proposé.",
    state_answered: "Vous pensez avoir fini\u00a0: on vous dira si cela a aidé.",
    state_resolved: "Résolu.", state_closed_unconfirmed: "Clos, sans réponse.", state_withdrawn: "Question retirée.",
    state_open: "La question est repartie vers d’autres personnes.",
    state_expired: "Clos\u00a0: le mois est passé.", state_merged: "La question se poursuit ailleurs.",
    outcome_yes: "Cela a aidé.", outcome_partly: "Cela a aidé en partie.", outcome_no: "Cela n’a pas suffi.",
    no_merit: "Rien encore. Ce n’est pas une note\u00a0: seul un merci s’écrit ici.",
    balance: "{count} en tout", gone: "Cette question n’est plus pour vous.",
  },
  en: {
    offline: "Offline: nothing will be offered to you unexpectedly; what waits is below.",
    online: "You are here: a question may be offered to you, {count} times a day at most.",
    no_topic: "You are here, but nothing can be offered to you: first choose what you help with.",
    no_more: "You are here, but your settings say to offer you nothing.",
    full: "You are here, but nothing more is offered to you until your conversations are over.",
    reconnecting: "Connection lost, trying again.",
    paused: "Paused: nothing is offered to you.",
    leave: "Be here no longer", come: "I am here", pause: "Take a pause", resume: "Resume",
    nobody: "This person is not in the demonstration. Start it with its data.",
    failed: "That did not work. Try again.",
    saved: "Noted.",
    why: "Why you: {why}", waits: "Waiting for {time}", claim: "I take it",
    guest: "Someone without an account", unverified: "unverified guest", from: "From the page:",
    first_word: "Say a first word before {time}, or the question goes back.",
    done: "I am done", release: "Give the question back", close: "Close this conversation",
    state_claimed: "Yours.", state_in_progress: "You are talking it over.", state_handing_over: "A hand-over is proposed.",
    state_answered: "You think you are done: they will say whether it helped.",
    state_resolved: "Solved.", state_closed_unconfirmed: "Closed, without a word.", state_withdrawn: "Taken back.",
    state_open: "The question went back to others.",
    state_expired: "Closed: the month is over.", state_merged: "The question goes on elsewhere.",
    outcome_yes: "It helped.", outcome_partly: "It helped partly.", outcome_no: "It was not enough.",
    no_merit: "Nothing yet. This is no grade: only a thank you is written here.",
    balance: "{count} in all", gone: "This question is no longer for you.",
  },
};

/** This page's sentences. */
export function tell(name, told = {}) {
  return (ALL[language][name] || name).replace(/{(\w+)}/g, (whole, key) => String(told[key] ?? whole));
}
