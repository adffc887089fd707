// Only on the guide's pages, after app.js, which shares what it made as `globalThis.lob`.
import * as clock from "./clock.js";
import * as keys from "./keys.js";
import * as parts from "./parts.js";
import * as queue from "./queue.js";

clock.start();
keys.start();
parts.start();
queue.start();
