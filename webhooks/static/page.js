// What a page gains by scripts; it works without them. In a Mini App: Telegram's colours, who opened it, the way out.
// Telegram's own script is not loaded: it would show a blank page for as long as Telegram is slow.

const root = document.documentElement;
const form = document.querySelector("form");
const launch = new URLSearchParams(location.hash.slice(1));
if (location.hash) history.replaceState(null, "", location.pathname);

// ── Telegram around us ──────────────────────────────────────────────────────────────────────────────────────────────

function tell(event) {
  if (window.TelegramWebviewProxy) window.TelegramWebviewProxy.postEvent(event, "{}");
  else if (window.external && "notify" in window.external) window.external.notify(JSON.stringify({ eventType: event, eventData: {} }));
  else return false;
  return true;
}

function remembered(name, given) {
  try {
    if (given) sessionStorage.setItem(name, given);
    return sessionStorage.getItem(name);
  } catch {
    return given;
  }
}

const inApp = remembered("app", launch.has("tgWebAppData") ? "1" : null) !== null;
if (inApp) {
  tell("web_app_ready");
  tell("web_app_expand");
  if (root.dataset.close) tell("web_app_close");
  for (const link of document.querySelectorAll("a[data-chat]"))
    link.addEventListener("click", event => { if (tell("web_app_close")) event.preventDefault(); });
}

// ── colours ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function luminance(colour) {
  const parts = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour.trim());
  if (!parts) return null;
  const [r, g, b] = parts.slice(1).map(hex => parseInt(hex, 16) / 255).map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [a, b] = [luminance(one), luminance(other)];
  return a === null || b === null ? 0 : (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function paint(ground, ink) {
  if (contrast(ground, ink) < 4.5) return;
  root.dataset.theme = contrast(ground, "#000000") < contrast(ground, "#ffffff") ? "dark" : "light";
  const ours = getComputedStyle(root);
  if (["--act", "--wrong"].some(name => contrast(ground, ours.getPropertyValue(name)) < 4.5)) return;
  const set = { "--ground": ground, "--sheet": ground, "--ink": ink, "--faint": ink, "--edge": ink };
  for (const [name, value] of Object.entries(set)) root.style.setProperty(name, value);
}

try {
  const theme = JSON.parse(remembered("theme", launch.get("tgWebAppThemeParams")) ?? "{}");
  if (theme.bg_color && theme.text_color) paint(theme.bg_color, theme.text_color);
} catch { /* no colours, then */ }

// ── who opened it ───────────────────────────────────────────────────────────────────────────────────────────────────

// What Telegram has signed is good for five minutes, and people type slowly: it is exchanged at once for a proof that lasts as
// long as the page. Where that fails, it is sent with the form as it is.
if (form && launch.has("tgWebAppData")) {
  const visitor = form.elements.visitor;
  visitor.value = launch.get("tgWebAppData");
  const proof = fetch(`${form.action}/visitor`, { method: "POST", body: new URLSearchParams({ visitor: visitor.value }) })
    .then(answer => (answer.ok ? answer.text() : Promise.reject(new Error(String(answer.status)))))
    .then(text => { visitor.value = text; })
    .catch(() => {});
  if (form.dataset.atOnce) proof.then(() => form.requestSubmit());
}

// ── what is typed ───────────────────────────────────────────────────────────────────────────────────────────────────

for (const input of document.querySelectorAll("input[type=password]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "show";
  button.setAttribute("aria-controls", input.id);
  const say = shown => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? form.dataset.hide : form.dataset.show;
    button.setAttribute("aria-pressed", String(shown));
  };
  button.addEventListener("click", () => say(input.type === "password"));
  form.addEventListener("submit", () => say(false));
  say(false);
  input.after(button);
}
