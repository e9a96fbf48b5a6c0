// The notes of a session lose no word: kept on this device as they are typed, saved on the server a
// few seconds later and when the field is left, sent again when the line comes back. Two people
// under the same point: both texts are shown, and whoever typed chooses. Without this file the
// notes are a plain form.

const WAIT = 3000; // after the last key
const RETRY = 5000;
const OFFLINE = "Hors connexion : vos mots sont gardés sur cet appareil.";
const UNSAVED = "Des mots ne sont pas encore enregistrés.";
const SIGNED_OUT = "Votre session a expiré : vos mots sont gardés sur cet appareil. Reconnectez-vous dans un autre onglet.";
const TWO_TEXTS = "Deux textes sous le même point : choisissez ce qu'il faut garder.";
const RESTORED = "Les mots gardés sur cet appareil sont repris.";

const root = document.querySelector("[data-session-notes]");
const state = root?.querySelector("[data-save-state]");

// A private window may refuse to keep anything: the notes are then saved by the server alone.
const local = {
  get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } },
  remove(key) { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } },
  keys(prefix) {
    try { return Object.keys(localStorage).filter((key) => key.startsWith(prefix)); } catch { return []; }
  },
};

function say(words) {
  if (state && state.textContent !== words) state.textContent = words;
}

// What both wrote after the same beginning follows on; otherwise one text after the other.
function together(base, mine, theirs) {
  if (base && mine.startsWith(base) && theirs.startsWith(base)) return theirs + mine.slice(base.length);
  return theirs ? `${theirs.trimEnd()}\n\n${mine}` : mine;
}

// The server compares texts without the blanks at their end.
const same = (one, other) => one.trimEnd() === other.trimEnd();

class Note {
  constructor(area) {
    this.area = area;
    this.item = area.dataset.note;
    this.field = document.querySelector(`input[name="version-${this.item}"]`);
    this.saved = area.defaultValue;
    // A page shown after a conflict (without this file) holds a text that is not saved.
    this.theirs = null;
    this.sending = false;
    area.value = area.defaultValue;
    area.addEventListener("input", () => this.typed());
    area.addEventListener("blur", () => this.save());
    area.addEventListener("focus", refresh);
  }

  get version() { return this.field.value; }
  set version(value) { this.field.value = value; }
  get key() { return `${root.dataset.key}${this.item}:${this.version}`; }
  get dirty() { return !same(this.area.value, this.saved); }

  keep() {
    if (!this.dirty) { this.forget(); return true; }
    return local.set(this.key, { text: this.area.value, base: this.saved });
  }

  forget() {
    for (const key of local.keys(`${root.dataset.key}${this.item}:`)) local.remove(key);
  }

  // What was kept here by a page that closed before it could save.
  restore() {
    const keys = local.keys(`${root.dataset.key}${this.item}:`);
    const kept = keys.map((key) => [key.split(":").pop(), local.get(key)]).filter(([, entry]) => entry && typeof entry.text === "string");
    const [found] = kept.sort((one, other) => Number(other[0]) - Number(one[0]));
    if (!found) return false;
    const [version, entry] = found;
    if (same(entry.text, this.saved)) { this.forget(); return false; }
    const server = this.saved;
    this.area.value = entry.text;
    if (version !== this.version) this.conflict({ version: this.version, text: server }, entry.base ?? "");
    return true;
  }

  typed() {
    this.keep();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), WAIT);
    say(navigator.onLine ? UNSAVED : OFFLINE);
  }

  async save() {
    clearTimeout(this.timer);
    if (this.theirs || this.sending || !this.dirty) return;
    this.sending = true;
    const text = this.area.value;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", document.querySelector("#notes [name=csrfmiddlewaretoken]").value);
    body.set(`note-${this.item}`, text);
    body.set(`version-${this.item}`, this.version);
    try {
      const answer = await fetch(root.dataset.url, {
        method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin",
        keepalive: text.length < 30000,
      });
      await this.heard(answer, text);
    } catch {
      say(OFFLINE);
      this.timer = setTimeout(() => this.save(), RETRY);
    } finally {
      this.sending = false;
    }
    if (this.dirty && !this.theirs) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), RETRY);
    }
  }

  async heard(answer, text) {
    if (answer.redirected || !answer.headers.get("Content-Type")?.includes("application/json")) {
      say(answer.redirected ? SIGNED_OUT : "Le serveur n'a pas pu enregistrer : vos mots sont gardés sur cet appareil.");
      return;
    }
    const heard = await answer.json();
    const stale = heard.stale?.[this.item];
    if (heard.refusal) {
      say(`${heard.refusal} Vos mots sont gardés sur cet appareil.`);
    } else if (stale) {
      this.conflict(stale, this.saved);
    } else {
      this.version = String(heard.notes?.[this.item]?.version ?? this.version);
      this.saved = text;
      this.forget();
      this.keep();
      if (!notes.some((note) => note.dirty)) say(`${heard.words}.`);
    }
  }

  conflict(theirs, base) {
    if (same(theirs.text, this.area.value)) { this.adopt(theirs); return; }
    this.theirs = theirs;
    this.panel?.remove();
    const panel = document.getElementById("two-notes").content.firstElementChild.cloneNode(true);
    panel.querySelector(".session-theirs").textContent = theirs.text;
    for (const button of panel.querySelectorAll("[data-keep]")) {
      button.addEventListener("click", () => this.choose(button.dataset.keep, base));
    }
    this.area.before(panel);
    this.panel = panel;
    say(TWO_TEXTS);
  }

  choose(kept, base) {
    const { theirs } = this;
    const mine = this.area.value;
    this.forget();
    this.panel.remove();
    this.theirs = null;
    this.version = String(theirs.version);
    this.saved = theirs.text;
    if (kept === "theirs") this.area.value = theirs.text;
    if (kept === "both") this.area.value = together(base, mine, theirs.text);
    this.area.focus();
    this.keep();
    if (this.dirty) this.save();
    else say("Le texte enregistré est gardé.");
  }

  // Nothing of ours is waiting: take what somebody else has saved since.
  adopt(theirs) {
    this.version = String(theirs.version);
    this.saved = theirs.text;
    if (this.area.value !== theirs.text) this.area.value = theirs.text;
    this.forget();
  }
}

const notes = [];
let asked = 0;

// Coming back to the page or to a field: read what others wrote meanwhile.
async function refresh() {
  if (Date.now() - asked < RETRY) return;
  asked = Date.now();
  try {
    const answer = await fetch(root.dataset.url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (answer.redirected || !answer.ok) return;
    const found = (await answer.json()).notes;
    for (const note of notes) {
      const theirs = found[note.item];
      if (theirs && String(theirs.version) !== note.version && !note.dirty && !note.theirs && !note.sending) note.adopt(theirs);
    }
  } catch { /* out of reach: what is typed is kept here */ }
}

function saveAll() {
  for (const note of notes) note.save();
}

if (root) {
  for (const area of root.querySelectorAll("textarea[data-note]")) notes.push(new Note(area));
  if (notes.map((note) => note.restore()).some(Boolean)) {
    if (!notes.some((note) => note.theirs)) say(RESTORED);
    saveAll();
  }
  document.getElementById("notes").addEventListener("submit", (event) => {
    event.preventDefault();
    if (!notes.some((note) => note.dirty)) say("Tout est enregistré.");
    saveAll();
  });
  window.addEventListener("online", saveAll);
  window.addEventListener("offline", () => say(OFFLINE));
  document.addEventListener("visibilitychange", () => (document.hidden ? saveAll() : refresh()));
  window.addEventListener("beforeunload", (event) => {
    if (notes.some((note) => note.dirty)) event.preventDefault();
  });
  document.body.addEventListener("htmx:sendError", () => say("Hors connexion : ce geste n'est pas enregistré, recommencez."));
}
