// A room of the page: its header, its messages, what can be typed, pressed and sent there.

import { bubble } from "./bubble.js";
import { $, day, icon, make, person, post, state, ui, word } from "./base.js";

const CODES = { fr: "Français", ar: "العربية", en: "English", "": "—" };
const SENDABLE = { sticker: "i-smile", voice: "i-voice", location: "i-pin", contact: "i-person" };

export class Pane {
  constructor(kind) {
    this.kind = kind;
    this.node = $("#pane").content.cloneNode(true).firstElementChild;
    this.node.id = `pane-${kind}`;
    this.nodes = new Map();
    this.about = null;
    this.private = false;  // an agent's own chat with the bot is shown in the group's place
    this.parts = Object.fromEntries(["person", "language", "rooms", "topic", "hint", "empty", "log", "acting", "toast", "composer",
      "about", "keys", "commands", "attach", "send", "popup", "avatar", "forget"].map(name => [name, $(`.${name}`, this.node)]));
    this.input = $("textarea", this.node);
    this.file = $("input[type=file]", this.node);
    this.listen();
  }

  listen() {
    const { parts, input } = this;
    parts.person.onchange = () => {
      this.who = Number(parts.person.value);
      localStorage.setItem(`who-${this.kind}`, this.who);
      this.aim(null);
      this.fill();
    };
    parts.language.onchange = () => this.act("language", { language_code: parts.language.value });
    for (const button of parts.rooms.children) button.onclick = () => this.enter(button.dataset.room === "private");
    parts.topic.onchange = () => { this.topic = Number(parts.topic.value) || null; this.fill(); };
    parts.composer.onsubmit = event => { event.preventDefault(); this.submit(); };
    parts.forget.onclick = () => this.aim(null);
    parts.commands.onclick = () => this.popup(parts.commands, this.menu());
    parts.attach.onclick = () => this.popup(parts.attach, this.attachments());
    this.file.onchange = () => this.upload();
    input.oninput = () => this.grow();
    input.onkeydown = event => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.submit(); }
      if (event.key === "Escape") this.aim(null);
    };
    this.node.addEventListener("keydown", event => {
      if (event.key !== "Escape" || parts.popup.hidden) return;
      this.close();
      this.opener?.focus();
    });
  }

  get choices() {
    const { participants, delegates, agents } = state.panes;
    return { participant: participants, delegate: delegates, group: agents }[this.kind].map(person).filter(Boolean);
  }

  get together() { return this.kind === "group" && !this.private; }

  get chat() {
    const id = this.together ? state.panes.group : this.who;
    return state.chats.find(chat => chat.id === id);
  }

  enter(inside) {
    this.private = inside;
    this.aim(null);
    this.fill();
  }

  // A message where this pane doesn't look just now: the other room's button says so.
  news(chat) {
    if (this.kind !== "group" || chat === this.chat?.id) return;
    const room = chat === state.panes.group ? "group" : chat === this.who ? "private" : "";
    $(`[data-room="${room}"]`, this.node)?.classList.add("news");
  }

  fill() {
    const { parts } = this, choices = this.choices, group = this.together;
    const kept = Number(localStorage.getItem(`who-${this.kind}`));
    if (!choices.some(one => one.id === this.who)) this.who = (choices.find(one => one.id === kept) ?? choices[0])?.id;
    const me = person(this.who), chat = this.chat, there = Boolean(chat) && (group || Boolean(me));
    this.node.classList.toggle("vacant", !there);
    $("h2", this.node).textContent = this.kind !== "group" || !chat ? word(this.kind) : group ? chat.title : state.bot.name;
    parts.rooms.hidden = this.kind !== "group" || !there;
    for (const button of parts.rooms.children) {
      const chosen = (button.dataset.room === "private") === this.private;
      button.setAttribute("aria-pressed", chosen);
      if (chosen) button.classList.remove("news");
      button.textContent = word(`room_${button.dataset.room}`);
    }
    parts.avatar.replaceChildren(group ? icon("i-group") : me ? me.initials : icon(this.kind === "delegate" ? "i-desk" : "i-person"));
    parts.avatar.style.setProperty("--tone", `${((this.who ?? 0) * 67) % 360}`);
    $("use", parts.empty).setAttribute("href", { group: "#i-group", delegate: "#i-desk", participant: "#i-person" }[this.kind]);
    const note = state.panes[`${this.kind}_note`]?.[ui.lang] ?? { group: word("no_group"), delegate: word("no_delegate") }[this.kind];
    $("p", parts.empty).textContent = note ?? word("nobody");
    parts.empty.hidden = there;
    for (const part of [parts.log, parts.composer, $(".choices", this.node)]) part.hidden = !there;
    parts.person.replaceChildren(...choices.map(one => new Option(one.name, one.id, false, one.id === this.who)));
    parts.language.hidden = this.kind === "group";
    const codes = new Set(["fr", "ar", "en", "", me?.language ?? ""]);
    parts.language.replaceChildren(...[...codes].map(code => new Option(CODES[code] ?? code, code, false, code === (me?.language ?? ""))));
    parts.topic.hidden = !group || !chat?.topics.length;
    if (chat && !parts.topic.hidden) {
      const topics = chat.topics.map(one => new Option(one.name, one.id, false, one.id === this.topic));
      parts.topic.replaceChildren(new Option(word("all_topics"), ""), ...topics);
      parts.topic.value = this.topic ?? "";
    }
    const hint = me?.hint?.[ui.lang] ?? me?.hint?.fr;
    parts.hint.hidden = !hint;
    parts.hint.setAttribute("aria-label", word("to_try"));
    const facts = (hint ?? "").split("\n").map(line => this.fact(line)), label = facts.some(one => one.type === "button");
    parts.hint.replaceChildren(...(label ? [make("b", {}, word("to_try"))] : []), ...facts);
    parts.toast.classList.remove("up");
    for (const [part, key] of [["person", "who"], ["language", "app_language"], ["topic", "topic"], ["commands", "commands"],
      ["attach", "attach"], ["send", "send"], ["forget", "cancel"], ["log", "conversation"]]) {
      parts[part].setAttribute("aria-label", word(key));
      parts[part].title = part === "log" ? "" : word(key);
    }
    this.input.placeholder = word("write");
    this.input.setAttribute("aria-label", word("write"));
    this.nodes.clear();
    this.lastDay = null;
    parts.log.replaceChildren();
    parts.log.setAttribute("aria-busy", "true");
    if (there && !this.shown(chat).length) parts.log.append(this.welcome());
    if (there) this.shown(chat).forEach(message => this.put(message));
    parts.log.setAttribute("aria-busy", "false");
    this.keys();
    this.close();
    this.bottom(true);
  }

  // A line of the hint: "label: value" is a button that puts the value into the message.
  fact(line) {
    const [, label, value] = line.match(/^(.+?)\s?:\s(.+)$/) ?? [];
    if (!value) return make("bdi", {}, line);
    const node = make("button", { type: "button", title: word("put"), onclick: () => { this.input.value = value; this.grow(); this.input.focus(); } },
      make("small", {}, label), " ", make("bdi", {}, value));
    return node;
  }

  shown(chat) { return chat.messages.filter(message => !message.deleted && (!this.topic || message.thread === this.topic)); }

  welcome() {
    const hello = make("div", { className: "welcome" }, make("p", {}, word("hello")));
    if (!this.together) hello.append(make("button", { type: "button", className: "primary", onclick: () => this.act("say", { text: "/start" }) }, word("start")));
    return hello;
  }

  async act(path, body) {
    const place = this.together ? { chat: this.chat.id, ...(this.topic && { topic: this.topic }) } : {};
    try { return await post(path, { person: this.who, ...place, ...body }); }
    catch (error) { this.tell(error.message); }
  }

  submit() {
    const text = this.input.value.trim(), about = this.about;
    if (!text) return;
    this.input.value = "";
    this.grow();
    this.aim(null);
    if (about?.edit) this.act("edit", { message: about.id, text });
    else this.act("say", { text, ...(about && { reply_to: about.id }) });
  }

  async upload() {
    const [file] = this.file.files;
    this.file.value = "";
    if (!file) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    let binary = "";
    for (let at = 0; at < bytes.length; at += 32768) binary += String.fromCharCode(...bytes.subarray(at, at + 32768));
    const kind = /^image\/(jpeg|png)$/.test(file.type) ? "photo" : "document";
    this.act("send", { kind, name: file.name, caption: this.input.value.trim(), content: btoa(binary) });
    this.input.value = "";
  }

  async opens(url) {
    const theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const signed = await this.act("mini_app", { url, theme });
    if (signed?.url) window.open(signed.url, "_blank", "noopener");
  }

  follow(url) {
    const link = new URL(url, location.href);
    if (link.hostname === "t.me" && link.pathname === `/${state.bot.username}`) this.act("open", { url });
    else if (link.origin === location.origin && link.searchParams.has("bot")) this.node.dispatchEvent(new Event("room", { bubbles: true }));
    else if (/^https?:$/.test(link.protocol)) window.open(link.href, "_blank", "noopener");
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 140)}px`;
  }

  aim(about) {
    this.about = about;
    this.parts.about.hidden = !about;
    if (!about) return;
    $("span", this.parts.about).textContent = `${word(about.edit ? "editing" : "answering")} ${about.edit ? "" : `${about.name}: `}${about.text}`;
    if (about.edit) this.input.value = about.text;
    this.input.focus();
    this.grow();
  }

  popup(opener, content) {
    const same = this.opener === opener && !this.parts.popup.hidden;
    this.close();
    if (same) return;
    this.opener = opener;
    this.parts.popup.replaceChildren(...content);
    this.parts.popup.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    $("button", this.parts.popup)?.focus();
  }

  close() {
    this.parts.popup.hidden = true;
    for (const opener of [this.parts.commands, this.parts.attach]) opener.setAttribute("aria-expanded", "false");
  }

  menu() {
    const commands = (this.together ? state.group_commands : state.commands)[this.who] ?? [];
    if (!commands.length) return [make("p", {}, word("no_commands"))];
    return commands.map(({ command, description }) => make("button", { type: "button", onclick: () => { this.close(); this.act("say", { text: `/${command}` }); } },
      make("span", { dir: "auto" }, description), make("bdi", { className: "command", dir: "ltr" }, `/${command}`)));
  }

  attachments() {
    const quick = Object.entries(SENDABLE).map(([kind, picture]) =>
      make("button", { type: "button", data: { kind }, onclick: () => { this.close(); this.act("send", { kind }); } }, icon(picture), word(kind)));
    return [make("button", { type: "button", onclick: () => { this.close(); this.file.click(); } }, icon("i-file"), word("file")), ...quick];
  }

  keys() {
    const rows = this.chat?.keyboard ?? [], low = this.low();
    this.parts.keys.hidden = !rows.length;
    this.parts.keys.setAttribute("aria-label", word("keyboard"));
    this.parts.keys.replaceChildren(...rows.map(row => make("div", { className: "row" }, ...row.map(key =>
      make("button", { type: "button", onclick: () => this.act("say", { text: key.text }) }, make("bdi", {}, key.text))))));
    this.bottom(low);
  }

  // Messages

  put(message) {
    if (this.topic && message.thread !== this.topic) return;
    const known = this.nodes.get(message.id), node = bubble(this, message), low = this.low();
    if (known) {
      node.classList.add("changed");
      known.replaceWith(node);
    } else {
      $(".welcome", this.parts.log)?.remove();
      const today = day(message.date);
      if (today !== this.lastDay) {
        this.lastDay = today;
        this.parts.log.append(make("p", { className: "pill" }, today === day(Date.now() / 1000) ? word("today") : today));
      }
      this.parts.log.append(node);
    }
    this.nodes.set(message.id, node);
    this.bottom(low || message.from === this.who);
  }

  vanish(id) {
    const node = this.nodes.get(id);
    if (!node) return;
    this.nodes.delete(id);
    node.style.setProperty("--height", `${node.offsetHeight}px`);
    node.classList.add("vanishing");
    node.addEventListener("animationend", () => node.remove());
    setTimeout(() => node.remove(), 1500);
  }

  low(slack = 80) { const { log } = this.parts; return log.scrollHeight - log.scrollTop - log.clientHeight < slack; }
  bottom(really) { if (really) this.parts.log.scrollTop = this.parts.log.scrollHeight; }

  busy(text) {
    const low = this.low();
    this.parts.acting.textContent = text;
    this.bottom(low);
    clearTimeout(this.waiting);
    if (text) this.waiting = setTimeout(() => this.busy(""), 5000);
  }

  tell(text) {
    this.parts.toast.textContent = text;
    this.parts.toast.classList.add("up");
    clearTimeout(this.toasting);
    this.toasting = setTimeout(() => this.parts.toast.classList.remove("up"), 4000);
  }

  notice({ text, alert, url, id }) {
    this.nodes.get(id)?.querySelectorAll(".waiting").forEach(node => node.classList.remove("waiting"));
    if (url) this.follow(url);
    if (!text) return;
    if (!alert) return this.tell(text);
    $("#alert p").textContent = text;
    $("#alert").showModal();
  }
}
