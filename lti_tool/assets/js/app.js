// What the pages do beyond plain links and forms. Every page works without it.
// The minified build of htmx: its own source calls eval, which keeps a bundler from shortening names.
import "htmx.org/dist/htmx.min.js";
import * as autosave from "./autosave.js";
import * as choices from "./choices.js";
import * as close from "./close.js";
import { Drafts } from "./drafts.js";
import * as focus from "./focus.js";
import * as keep from "./keep.js";
import * as live from "./live.js";
import * as postItself from "./post-itself.js";

const drafts = new Drafts(document.querySelector('meta[name="loopbaan-key"]')?.content);
globalThis.lob = { drafts, say: autosave.say, texts: autosave.texts }; // for guide.js
autosave.start(drafts);
choices.start();
keep.start(drafts);
focus.start();
close.start();
live.start();
postItself.start();
