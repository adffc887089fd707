// Pages of which parts are renewed without the rest.
// The minified build of htmx: its own source calls eval, which keeps a bundler from shortening names.
import "htmx.org/dist/htmx.min.js";
import { start } from "./live.js";

start();
