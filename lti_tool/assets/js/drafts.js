// Unsent text, kept by the browser until the server has it. It is encrypted with a key that the server
// keeps for this person, so the next user of a shared computer cannot read it.
const PREFIX = "lob-draft";
const page = crypto.randomUUID?.() ?? String(Math.random()).slice(2);

/** The first storage that works in this frame; Safari and strict settings throw on access. */
function openStorage() {
  for (const name of ["localStorage", "sessionStorage"]) {
    try {
      const storage = window[name];
      storage.setItem(`${PREFIX}-test`, "1");
      storage.removeItem(`${PREFIX}-test`);
      return storage;
    } catch {
      // Try the next one.
    }
  }
  return undefined;
}

const toText = (bytes) => btoa(String.fromCharCode(...bytes));
const toBytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

/** Drafts of one person: `key` is 32 bytes in URL-safe base64. Without cryptography nothing is kept. */
export class Drafts {
  #storage = openStorage();
  #key;
  #owner;

  constructor(key) {
    if (!key || !globalThis.crypto?.subtle) {
      this.#storage = undefined;
      return;
    }
    const bytes = toBytes(key.replaceAll("-", "+").replaceAll("_", "/"));
    this.#key = crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
    this.#owner = crypto.subtle.digest("SHA-256", bytes).then((hash) => toText(new Uint8Array(hash)).slice(0, 12));
  }

  /** Whether this browser, in this place, keeps anything at all. */
  get keeps() {
    return this.#storage !== undefined;
  }

  /** Keep `draft` ({text, revision}) of a field, for this page. */
  async keep(name, draft) {
    if (!this.#storage) return;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(draft));
    const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await this.#key, plain));
    let packed = "";
    for (const byte of sealed) packed += String.fromCharCode(byte);
    try {
      this.#storage.setItem(`${await this.#prefix(name)}${page}`, `${toText(iv)}.${btoa(packed)}`);
    } catch {
      // Full: the server still gets the text.
    }
  }

  /** All drafts of a field that any page of this person left behind. */
  async find(name) {
    if (!this.#storage) return [];
    const found = [];
    for (const place of await this.#places(name)) {
      try {
        const [iv, sealed] = this.#storage.getItem(place).split(".").map(toBytes);
        const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await this.#key, sealed);
        found.push(JSON.parse(new TextDecoder().decode(plain)));
      } catch {
        this.#storage.removeItem(place);
      }
    }
    return found;
  }

  /** Forget the drafts of a field: of this page, of all pages, or of all others. */
  async forget(name, { all = false, others = false } = {}) {
    if (!this.#storage) return;
    const own = `${await this.#prefix(name)}${page}`;
    const places = all || others ? await this.#places(name) : [own];
    for (const place of places) if (!others || place !== own) this.#storage.removeItem(place);
  }

  async #prefix(name) {
    return `${PREFIX}:${await this.#owner}:${name}:`;
  }

  async #places(name) {
    const prefix = await this.#prefix(name);
    return Object.keys(this.#storage).filter((place) => place.startsWith(prefix));
  }
}
