// What the pages do beyond plain links and forms. Every page works without it.
// The minified build of htmx: its own source calls eval, which keeps a bundler from shortening names.
import "htmx.org/dist/htmx.min.js";
import * as autosave from "./autosave.js";
import * as focus from "./focus.js";

autosave.start();
focus.start();
