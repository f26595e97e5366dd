// The mails that were sent, and the reader of one. A followed link is told as the event "follow".

import { $, clock, make, state, word } from "./base.js";

export const mailPane = $("#mail-pane").content.cloneNode(true).firstElementChild;
mailPane.id = "pane-mails";
const reader = $("#reader"), frame = $("iframe", reader);
export const unread = new Set();

export function fillMails() {
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
  mailPane.dispatchEvent(new CustomEvent("follow", { detail: url, bubbles: true }));
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
