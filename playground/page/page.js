// The playground's page: what /play/state says, kept up to date by /play/events. Text is only ever put in as text.

const CODES = { fr: "Français", ar: "العربية", en: "English", "": "—" };
const SENDABLE = { sticker: "i-smile", voice: "i-voice", location: "i-pin", contact: "i-person" };
const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote",
  expandable_blockquote: "blockquote" };

const $ = (selector, root = document) => root.querySelector(selector);
const WORDS = JSON.parse($("#words").textContent);
const make = (tag, properties = {}, ...children) => {
  const { data, ...rest } = properties;
  const node = Object.assign(document.createElement(tag), rest);
  Object.assign(node.dataset, data);
  node.append(...children);
  return node;
};
const icon = name => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
};
const asked = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem("lang");
let lang = asked === "ar" ? "ar" : "fr";
const word = key => WORDS[lang][key];
const locale = () => (lang === "ar" ? "ar-MA" : "fr-MA");
const clock = seconds => new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit" }).format(seconds * 1000);
const day = seconds => new Intl.DateTimeFormat(locale(), { dateStyle: "long" }).format(seconds * 1000);
const size = bytes => bytes < 1024 ? `${bytes} o` : bytes < 1 << 20 ? `${Math.round(bytes / 1024)} Ko` : `${(bytes / 1048576).toFixed(1)} Mo`;

async function post(path, body) {
  const answer = await fetch(`/play/${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.error ?? word("failed"));
  return told;
}

let state = { bot: {}, people: [], panes: { participants: [], delegates: [], agents: [] }, chats: [], commands: {}, mails: [] };
const person = id => state.people.find(one => one.id === id);

class Pane {
  constructor(kind) {
    this.kind = kind;
    this.node = $("#pane").content.cloneNode(true).firstElementChild;
    this.node.id = `pane-${kind}`;
    this.nodes = new Map();
    this.about = null;
    this.parts = Object.fromEntries(["person", "language", "topic", "hint", "empty", "log", "acting", "toast", "composer",
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

  get chat() {
    const id = this.kind === "group" ? state.panes.group : this.who;
    return state.chats.find(chat => chat.id === id);
  }

  fill() {
    const { parts } = this, choices = this.choices, group = this.kind === "group";
    const kept = Number(localStorage.getItem(`who-${this.kind}`));
    if (!choices.some(one => one.id === this.who)) this.who = (choices.find(one => one.id === kept) ?? choices[0])?.id;
    const me = person(this.who), chat = this.chat, there = Boolean(chat) && (group || Boolean(me));
    this.node.classList.toggle("vacant", !there);
    $("h2", this.node).textContent = group && chat ? chat.title : word(this.kind);
    parts.avatar.replaceChildren(group ? icon("i-group") : me ? me.initials : icon(this.kind === "delegate" ? "i-desk" : "i-person"));
    parts.avatar.style.setProperty("--tone", `${((this.who ?? 0) * 67) % 360}`);
    $("use", parts.empty).setAttribute("href", { group: "#i-group", delegate: "#i-desk", participant: "#i-person" }[this.kind]);
    const note = state.panes[`${this.kind}_note`]?.[lang] ?? { group: word("no_group"), delegate: word("no_delegate") }[this.kind];
    $("p", parts.empty).textContent = note ?? word("nobody");
    parts.empty.hidden = there;
    for (const part of [parts.log, parts.composer, $(".choices", this.node)]) part.hidden = !there;
    parts.person.replaceChildren(...choices.map(one => new Option(one.name, one.id, false, one.id === this.who)));
    parts.language.hidden = group;
    const codes = new Set(["fr", "ar", "en", "", me?.language ?? ""]);
    parts.language.replaceChildren(...[...codes].map(code => new Option(CODES[code] ?? code, code, false, code === (me?.language ?? ""))));
    parts.topic.hidden = !group || !chat?.topics.length;
    if (chat && !parts.topic.hidden) {
      const topics = chat.topics.map(one => new Option(one.name, one.id, false, one.id === this.topic));
      parts.topic.replaceChildren(new Option(word("all_topics"), ""), ...topics);
      parts.topic.value = this.topic ?? "";
    }
    const hint = me?.hint?.[lang] ?? me?.hint?.fr;
    parts.hint.hidden = !hint;
    parts.hint.setAttribute("aria-label", word("to_try"));
    parts.hint.replaceChildren(make("b", {}, word("to_try")), ...(hint ?? "").split("\n").map(line => this.fact(line)));
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
    if (this.kind !== "group") hello.append(make("button", { type: "button", className: "primary", onclick: () => this.act("say", { text: "/start" }) }, word("start")));
    return hello;
  }

  async act(path, body) {
    const place = this.kind === "group" ? { chat: this.chat.id, ...(this.topic && { topic: this.topic }) } : {};
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

  follow(url) {
    const link = new URL(url, location.href);
    if (link.hostname === "t.me" && link.pathname === `/${state.bot.username}`) this.act("open", { url });
    else if (link.origin === location.origin && link.searchParams.has("bot")) tab("participant");
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
    const commands = (this.kind === "group" ? state.group_commands : state.commands)[this.who] ?? [];
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
    const known = this.nodes.get(message.id), node = this.bubble(message), low = this.low();
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

  bubble(message) {
    if (message.kind === "service") return make("p", { className: "pill" }, service(message));
    const mine = message.from === this.who && !message.bot;
    const node = make("article", { className: `message ${mine ? "mine" : "theirs"} ${message.kind}`, data: { id: message.id } });
    const bubble = make("div", { className: "bubble" });
    if (this.kind === "group" && !mine) {
      const name = make("b", { className: "name", dir: "auto" }, message.name);
      name.style.setProperty("--tone", `${(message.from * 67) % 360}`);
      bubble.append(name);
    }
    if (message.reply_to) bubble.append(make("blockquote", { className: "quoted", dir: "auto" }, make("b", {}, message.reply_to.name), message.reply_to.text || "…"));
    bubble.append(...this.medium(message));
    if (message.text) bubble.append(make("div", { className: "text" }, this.rich(message.text, message.entities)));
    if (message.reactions.length) bubble.append(make("span", { className: "reactions" }, message.reactions.join(" ")));
    const foot = make("footer", {}, ...(message.edited ? [word("edited"), " "] : []));
    if (message.protect) foot.append(Object.assign(make("span", { className: "protected", title: word("protected") }), { role: "img", ariaLabel: word("protected") }));
    foot.querySelector(".protected")?.append(icon("i-lock"));
    foot.append(make("time", { dateTime: new Date(message.date * 1000).toISOString() }, clock(message.date)));
    bubble.append(foot);
    node.append(bubble, this.tools(message, mine));
    if (message.keyboard.length) node.append(this.keyboard(message));
    return node;
  }

  tools(message, mine) {
    const tools = make("div", { className: "tools" });
    const add = (picture, key, about) => {
      const button = make("button", { type: "button", className: "icon", title: word(key), onclick: () => this.aim(about) }, icon(picture));
      button.setAttribute("aria-label", word(key));
      tools.append(button);
    };
    const about = { id: message.id, name: message.name, text: message.text || word(message.kind) || message.kind };
    add("i-reply", "reply", about);
    if (mine && message.kind === "text") add("i-edit", "edit", { ...about, edit: true });
    return tools;
  }

  keyboard(message) {
    const press = async (button, node) => {
      if (button.callback_data === undefined) return this.follow(button.url ?? button.web_app.url);
      node.classList.add("waiting");
      setTimeout(() => node.classList.remove("waiting"), 10_000);
      await this.act("press", { message: message.id, data: button.callback_data });
    };
    return make("div", { className: "keyboard" }, ...message.keyboard.map(row => make("div", { className: "row" }, ...row.map(button => {
      const away = button.callback_data === undefined;
      const node = make("button", { type: "button", title: button.text, onclick: () => press(button, node) }, make("bdi", {}, button.text), ...(away ? [icon("i-out")] : []));
      if (away) node.title = `${button.text} (${word("new_tab")})`;
      return node;
    }))));
  }

  medium(message) {
    const { kind, extra, file } = message;
    if (kind === "photo" && file) return [make("img", { src: file.url, alt: message.text || file.name, width: file.width, height: file.height, loading: "lazy", onload: () => this.bottom(this.low(400)) })];
    if (file) return [make("a", { className: "card", href: file.url, download: file.name, title: word("download") }, icon("i-file"), make("span", {}, make("bdi", {}, file.name), make("small", {}, size(file.size))))];
    if (kind === "sticker") return [make("span", { className: "big", role: "img", ariaLabel: word("sticker") }, extra.sticker?.emoji ?? "🙂")];
    const place = extra.venue ?? extra.location;
    if (place) {
      const { latitude, longitude } = extra.location;
      const title = extra.venue?.title ?? word("location"), address = extra.venue?.address ?? `${latitude}, ${longitude}`;
      return [make("span", { className: "card" }, icon("i-pin"), make("span", {}, make("bdi", {}, title), make("small", { dir: "auto" }, address)))];
    }
    if (kind === "contact") return [make("span", { className: "card" }, icon("i-person"), make("span", {}, make("bdi", {}, extra.contact.first_name), make("small", {}, make("bdi", { dir: "ltr" }, `+${extra.contact.phone_number}`))))];
    if (kind !== "text") return [make("span", { className: "card" }, icon("i-voice"), make("span", {}, word(kind) ?? kind))];
    return [];
  }

  rich(text, entities, start = 0, end = text.length) {
    const out = new DocumentFragment();
    let at = start, i = 0;
    while (i < entities.length) {
      const entity = entities[i++], stop = Math.min(entity.offset + entity.length, end), inner = [];
      if (entity.offset < at) continue;
      while (i < entities.length && entities[i].offset < stop) inner.push(entities[i++]);
      const node = this.entity(entity, text.slice(entity.offset, stop));
      node.append(this.rich(text, inner, entity.offset, stop));
      out.append(text.slice(at, entity.offset), node);
      at = stop;
    }
    out.append(text.slice(at, end));
    return out;
  }

  entity({ type, url }, text) {
    if (type === "url" || type === "text_link") {
      const target = url ?? (/^https?:/.test(text) ? text : `http://${text}`);
      return make("a", { href: target, dir: type === "url" ? "ltr" : "", rel: "noopener noreferrer", onclick: event => { event.preventDefault(); this.follow(target); } });
    }
    if (type === "bot_command") return make("button", { type: "button", className: "link", dir: "ltr", onclick: () => this.act("say", { text }) });
    if (type === "spoiler") return make("button", { type: "button", className: "spoiler", onclick: event => event.currentTarget.classList.add("seen") });
    return make(TAGS[type] ?? "bdi");
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

const service = ({ extra, name }) => {
  if (extra.forum_topic_created) return `${word("topic_made")} ${extra.forum_topic_created.name}`;
  const [who] = extra.new_chat_members ?? [extra.left_chat_member];
  return who ? `${who.first_name} ${word(extra.new_chat_members ? "joined" : "left")}` : word("moved");
};

// Mails

const mailPane = $("#mail-pane").content.cloneNode(true).firstElementChild;
mailPane.id = "pane-mails";
const reader = $("#reader"), frame = $("iframe", reader);
const unread = new Set();

function fillMails() {
  const count = state.mails.length;
  $(".sub", mailPane).textContent = word(`count_${Math.min(count, 2)}`.replace("2", "n")).replace("{n}", count);
  $("#mail-count").textContent = count || "";
  $(".empty", mailPane).hidden = count > 0;
  $(".list", mailPane).replaceChildren(...state.mails.toReversed().map(mail => make("li", {}, make("button", { type: "button", className: unread.has(mail.id) ? "unread" : "", onclick: () => readMail(mail) },
    make("span", { className: "to" }, make("bdi", {}, mail.to.join(", ")), ...(unread.has(mail.id) ? [make("em", {}, word("unread"))] : []), make("time", {}, clock(mail.date))),
    make("b", {}, mail.subject), make("span", { className: "start" }, mail.text.trim().replace(/\s+/g, " ").slice(0, 140))))));
}

function followMail(url) {
  reader.close();
  panes.participant.follow(url);
}

function readMail(mail) {
  unread.delete(mail.id);
  fillMails();
  $("h2 bdi", reader).textContent = mail.subject;
  $(".sub", reader).replaceChildren(`${word("from")} `, make("bdi", {}, mail.from), ` · ${word("to")} `, make("bdi", {}, mail.to.join(", ")));
  $(".shut", reader).setAttribute("aria-label", word("shut"));
  $("pre", reader).hidden = mail.html;
  $("pre", reader).textContent = mail.html ? "" : mail.text;
  frame.hidden = !mail.html;
  frame.title = mail.subject;
  if (mail.html) frame.src = `/play/mails/${mail.id}/html`;
  const links = $(".links", reader);
  links.setAttribute("aria-label", word("links"));
  links.replaceChildren(...mail.links.map(url => make("li", {}, make("button", { type: "button", className: "link", dir: "ltr", onclick: () => followMail(url) }, url))));
  reader.showModal();
}

frame.onload = () => frame.contentDocument?.addEventListener("click", event => {
  const link = event.target.closest("a[href]");
  if (!link) return;
  event.preventDefault();
  followMail(link.href);
});
$(".shut", reader).onclick = () => reader.close();

// The whole

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
  lang = code;
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
  state = fresh;
  $("#bot").textContent = state.bot.name;
  document.title = state.bot.name;
  document.body.classList.toggle("alone", !state.panes.group && !state.panes.delegates.length);
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

speak(lang);
tab("participant");
const events = new EventSource("/play/events");
events.onopen = () => { $("#line").textContent = ""; load(); };
events.onerror = () => { $("#line").textContent = word("offline"); };
events.onmessage = event => hear(JSON.parse(event.data));
