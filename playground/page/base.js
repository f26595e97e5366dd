// What every part of the page uses: elements, words, moments, and the state that /play/state gave. Text is only ever put in as text.

export const $ = (selector, root = document) => root.querySelector(selector);
const WORDS = JSON.parse($("#words").textContent);
export const make = (tag, properties = {}, ...children) => {
  const { data, ...rest } = properties;
  const node = Object.assign(document.createElement(tag), rest);
  Object.assign(node.dataset, data);
  node.append(...children);
  return node;
};
export const icon = name => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
};
const asked = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem("lang");
export const ui = { lang: asked === "ar" ? "ar" : "fr" };
export const word = key => WORDS[ui.lang][key];
const locale = () => (ui.lang === "ar" ? "ar-MA" : "fr-MA");
export const clock = seconds => new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit" }).format(seconds * 1000);
export const day = seconds => new Intl.DateTimeFormat(locale(), { dateStyle: "long" }).format(seconds * 1000);
export const size = bytes => bytes < 1024 ? `${bytes} o` : bytes < 1 << 20 ? `${Math.round(bytes / 1024)} Ko` : `${(bytes / 1048576).toFixed(1)} Mo`;

export async function post(path, body) {
  const asked = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`/play/${path}`, asked).catch(() => { throw new Error(word("offline")); });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.error ?? word("failed"));
  return told;
}

export const state = { bot: {}, people: [], panes: { participants: [], delegates: [], agents: [] }, chats: [], commands: {}, mails: [] };
export const person = id => state.people.find(one => one.id === id);
