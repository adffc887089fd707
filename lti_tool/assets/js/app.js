// What the pages do beyond plain links and forms. Every page works without it.
import * as autosave from "./autosave.js";
import * as choices from "./choices.js";
import * as close from "./close.js";
import { Drafts } from "./drafts.js";
import * as focus from "./focus.js";
import * as frame from "./frame.js";
import * as keep from "./keep.js";
import * as once from "./once.js";
import * as postItself from "./post-itself.js";

const drafts = new Drafts(document.querySelector('meta[name="loopbaan-key"]')?.content);
globalThis.lob = { drafts, say: autosave.say, texts: autosave.texts }; // for guide.js
autosave.start(drafts);
choices.start();
keep.start(drafts);
focus.start();
close.start();
frame.start();
once.start();
postItself.start();
