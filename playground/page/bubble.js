// A message as it is drawn in a pane: its text, medium, buttons and tools.

import { clock, icon, make, size, state, word } from "./base.js";

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote",
  expandable_blockquote: "blockquote" };

export function bubble(pane, message) {
  if (message.kind === "service") return make("p", { className: "pill" }, service(message));
  const mine = message.from === pane.who && !message.bot;
  const node = make("article", { className: `message ${mine ? "mine" : "theirs"} ${message.kind}`, data: { id: message.id } });
  const bubble = make("div", { className: "bubble" });
  if (pane.together && !mine) {
    const name = make("b", { className: "name", dir: "auto" }, message.name);
    name.style.setProperty("--tone", `${(message.from * 67) % 360}`);
    bubble.append(name);
  }
  if (message.reply_to) bubble.append(make("blockquote", { className: "quoted", dir: "auto" }, make("b", {}, message.reply_to.name), message.reply_to.text || "…"));
  bubble.append(...medium(pane, message));
  if (message.text) bubble.append(make("div", { className: "text" }, rich(pane, message.text, message.entities)));
  if (message.reactions.length) bubble.append(make("span", { className: "reactions" }, message.reactions.join(" ")));
  const foot = make("footer", {}, ...(message.edited ? [word("edited"), " "] : []));
  if (message.protect) foot.append(Object.assign(make("span", { className: "protected", title: word("protected") }), { role: "img", ariaLabel: word("protected") }));
  foot.querySelector(".protected")?.append(icon("i-lock"));
  foot.append(make("time", { dateTime: new Date(message.date * 1000).toISOString() }, clock(message.date)));
  bubble.append(foot);
  node.append(bubble, tools(pane, message, mine));
  if (message.keyboard.length) node.append(keyboard(pane, message));
  return node;
}

function tools(pane, message, mine) {
  const tools = make("div", { className: "tools" });
  const add = (picture, key, about) => {
    const button = make("button", { type: "button", className: "icon", title: word(key), onclick: () => pane.aim(about) }, icon(picture));
    button.setAttribute("aria-label", word(key));
    tools.append(button);
  };
  const about = { id: message.id, name: message.name, text: message.text || word(message.kind) || message.kind };
  add("i-reply", "reply", about);
  if (mine && message.kind === "text") add("i-edit", "edit", { ...about, edit: true });
  return tools;
}

function keyboard(pane, message) {
  const press = async (button, node) => {
    if (button.web_app) return pane.opens(button.web_app.url);
    if (button.callback_data === undefined) return pane.follow(button.url);
    node.classList.add("waiting");
    setTimeout(() => node.classList.remove("waiting"), 10_000);
    await pane.act("press", { message: message.id, data: button.callback_data });
  };
  return make("div", { className: "keyboard" }, ...message.keyboard.map(row => make("div", { className: "row" }, ...row.map(button => {
    const away = button.callback_data === undefined;
    const node = make("button", { type: "button", title: button.text, onclick: () => press(button, node) }, make("bdi", {}, button.text), ...(away ? [icon("i-out")] : []));
    if (away) node.title = `${button.text} (${word("new_tab")})`;
    return node;
  }))));
}

function medium(pane, message) {
  const { kind, extra, file } = message;
  if (kind === "photo" && file) return [make("img", { src: file.url, alt: message.text || file.name, width: file.width, height: file.height, loading: "lazy", onload: () => pane.bottom(pane.low(400)) })];
  const opens = file?.mime === "application/pdf" ? { target: "_blank", rel: "noopener" } : { download: file?.name, title: word("download") };
  if (file) return [make("a", { className: "card", href: file.url, ...opens }, icon("i-file"), make("span", {}, make("bdi", {}, file.name), make("small", {}, make("bdi", {}, size(file.size)))))];
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

function rich(pane, text, entities, start = 0, end = text.length) {
  const out = new DocumentFragment();
  let at = start, i = 0;
  while (i < entities.length) {
    const entity = entities[i++], stop = Math.min(entity.offset + entity.length, end), inner = [];
    if (entity.offset < at) continue;
    while (i < entities.length && entities[i].offset < stop) inner.push(entities[i++]);
    const node = styled(pane, entity, text.slice(entity.offset, stop));
    node.append(rich(pane, text, inner, entity.offset, stop));
    out.append(text.slice(at, entity.offset), node);
    at = stop;
  }
  out.append(text.slice(at, end));
  return out;
}

function styled(pane, { type, url }, text) {
  if (type === "url" || type === "text_link") {
    const target = url ?? (/^https?:/.test(text) ? text : `http://${text}`);
    return make("a", { href: target, dir: type === "url" ? "ltr" : "", rel: "noopener noreferrer", onclick: event => { event.preventDefault(); pane.follow(target); } });
  }
  if (type === "bot_command") return make("button", { type: "button", className: "link", dir: "ltr", onclick: () => pane.act("say", { text }) });
  if (type === "spoiler") return make("button", { type: "button", className: "spoiler", onclick: event => event.currentTarget.classList.add("seen") });
  return make(TAGS[type] ?? "bdi");
}

const service = ({ extra, name }) => {
  if (extra.forum_topic_created) return `${word("topic_made")} ${extra.forum_topic_created.name}`;
  const [who] = extra.new_chat_members ?? [extra.left_chat_member];
  return who ? `${who.first_name} ${word(extra.new_chat_members ? "joined" : "left")}` : word("moved");
};
