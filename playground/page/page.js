// The playground's page: what /play/state says, kept up to date by /play/events.

import { $, state, ui, word } from "./base.js";
import { fillMails, mailPane, unread } from "./mails.js";
import { Pane } from "./pane.js";

const panes = Object.fromEntries(["participant", "group", "delegate"].map(kind => [kind, new Pane(kind)]));
$("#panes").append(...Object.values(panes).map(pane => pane.node), mailPane);
const every = () => Object.values(panes);

function tab(name) {
  for (const button of document.querySelectorAll("[data-tab]")) {
    const chosen = button.dataset.tab === name;
    button.setAttribute("aria-selected", chosen);
    button.setAttribute("aria-controls", `pane-${button.dataset.tab}`);
    button.tabIndex = chosen ? 0 : -1;
    if (chosen) button.classList.remove("news");
  }
  document.body.dataset.room = name;
  panes[name]?.bottom(true);
}

function speak(code) {
  ui.lang = code;
  localStorage.setItem("lang", code);
  document.documentElement.lang = code;
  document.documentElement.dir = code === "ar" ? "rtl" : "ltr";
  document.querySelectorAll("[data-word]").forEach(node => { node.textContent = word(node.dataset.word); });
  document.querySelectorAll("[data-label]").forEach(node => node.setAttribute("aria-label", word(node.dataset.label)));
  document.querySelectorAll("[data-lang]").forEach(node => node.setAttribute("aria-pressed", node.dataset.lang === code));
  every().forEach(pane => pane.fill());
  fillMails();
}

// What is told while the state is on its way is heard once it has come; it may be in it already.
let loading = 0, told = [];

async function load() {
  loading += 1;
  let fresh = null;
  try { fresh = await (await fetch("/play/state")).json(); }
  catch { $("#line").textContent = word("offline"); }
  loading -= 1;
  if (loading || !fresh) return;
  Object.assign(state, fresh);
  $("#bot").textContent = state.bot.name;
  document.title = state.bot.name;
  document.body.classList.toggle("alone", !state.panes.group && !state.panes.delegates.length);
  document.body.classList.toggle("desk", Boolean(state.panes.group) && !state.panes.delegates.length);
  every().forEach(pane => pane.fill());
  fillMails();
  const late = told;
  told = [];
  late.forEach(hear);
}

function hear(event) {
  if (loading) told.push(event);
  else HEARD[event.type]?.(event);
}

function news(name) { if (document.body.dataset.room !== name) $(`[data-tab=${name}]`).classList.add("news"); }

const HEARD = {
  message({ message }) {
    const chat = state.chats.find(one => one.id === message.chat);
    if (!chat) return;
    for (const pane of every()) if (pane.chat === chat && message.bot) pane.busy("");
    if (chat.messages.some(one => one.id === message.id)) return;
    chat.messages.push(message);
    for (const pane of every()) if (pane.chat === chat) { pane.put(message); news(pane.kind); }
    for (const pane of every()) pane.news(message.chat);
  },
  edit({ message }) {
    const chat = state.chats.find(one => one.id === message.chat);
    const at = chat?.messages.findIndex(one => one.id === message.id) ?? -1;
    if (at < 0) return;
    chat.messages[at] = message;
    for (const pane of every()) if (pane.chat === chat) pane.put(message);
  },
  delete({ chat: id, id: number }) {
    const chat = state.chats.find(one => one.id === id);
    if (!chat) return;
    chat.messages = chat.messages.filter(one => one.id !== number);
    for (const pane of every()) if (pane.chat === chat) pane.vanish(number);
  },
  keyboard({ chat: id, keyboard }) {
    const chat = state.chats.find(one => one.id === id);
    if (chat) chat.keyboard = keyboard;
    for (const pane of every()) if (pane.chat === chat) pane.keys();
  },
  notice(event) { for (const pane of every()) if (pane.who === event.person && pane.chat?.id === event.chat) pane.notice(event); },
  action({ chat, action }) {
    for (const pane of every()) {
      if (pane.chat?.id !== chat) continue;
      pane.busy(`${state.bot.name} ${word(action === "typing" ? "typing" : "sent_file")}`);
    }
  },
  mail({ mail }) {
    if (state.mails.some(one => one.id === mail.id)) return;
    state.mails.push(mail);
    unread.add(mail.id);
    fillMails();
    news("mails");
  },
  topic: load, people: load, commands: load, blocked: load,
};

document.addEventListener("room", () => tab("participant"));
document.addEventListener("follow", event => panes.participant.follow(event.detail));
document.querySelectorAll("[data-lang]").forEach(node => { node.onclick = () => speak(node.dataset.lang); });
const tabs = [...document.querySelectorAll("[data-tab]")];
tabs.forEach((node, at) => {
  node.onclick = () => tab(node.dataset.tab);
  node.onkeydown = event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(at + step * (document.dir === "rtl" ? -1 : 1) + tabs.length) % tabs.length];
    tab(next.dataset.tab);
    next.focus();
  };
});
document.addEventListener("click", event => every().forEach(pane => {
  if (!pane.parts.popup.hidden && !pane.parts.composer.contains(event.target)) pane.close();
}));

speak(ui.lang);
tab("participant");
const events = new EventSource("/play/events");
events.onopen = () => { $("#line").textContent = ""; load(); };
events.onerror = () => { $("#line").textContent = word("offline"); };
events.onmessage = event => hear(JSON.parse(event.data));
