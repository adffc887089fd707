// Bundles css/app.css, js/app.js, js/guide.js, js/lti.js and js/renew.js into ../static under hashed names.
// Run `npm ci && npm run build` after any change here; the result is committed.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import postcss from "postcss";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static");
const text = (path) => readFile(path, "utf8");

/** Every file that decides what is built, as sorted POSIX paths relative to this folder. */
async function sourceFiles() {
  const inside = await Promise.all(
    ["css", "js"].map(async (folder) =>
      (await readdir(join(here, folder), { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => relative(here, join(entry.parentPath, entry.name)).replaceAll("\\", "/")),
    ),
  );
  return [...inside.flat(), "build.mjs", "package.json", "package-lock.json"].sort();
}

/** The digest that tests/lti_tool/test_assets.py recomputes: path, NUL, content, NUL of each source. */
async function digest() {
  const hash = createHash("sha256");
  for (const path of await sourceFiles()) {
    hash.update(path).update("\0").update(await readFile(join(here, path))).update("\0");
  }
  return hash.digest("hex");
}

/** Leaves out the rules of the design system for classes that css/vendor-classes.txt does not list. */
const onlyUsedRules = {
  name: "only-used-rules",
  setup(build) {
    build.onLoad({ filter: /node_modules[\\/].+\.css$/ }, async ({ path }) => {
      const kept = new Set((await text(join(here, "css", "vendor-classes.txt"))).split(/\s+/));
      const sheet = postcss.parse(await text(path));
      sheet.walkComments((comment) => comment.remove());
      sheet.walkRules((rule) => {
        const used = rule.selectors.filter((selector) =>
          (selector.match(/\.[\w-]+/g) ?? []).every((name) => kept.has(name.slice(1))),
        );
        if (used.length === 0 || rule.nodes.length === 0) rule.remove();
        else rule.selectors = used;
      });
      sheet.walkAtRules((rule) => {
        if (rule.nodes?.length === 0) rule.remove();
      });
      return { contents: sheet.toString(), loader: "css" };
    });
  },
};

/** The house style as data: what a school's token file may replace, and what `/stijl` shows. */
async function tokens() {
  const found = { light: {}, dark: {} };
  postcss.parse(await text(join(here, "css", "tokens.css"))).walkDecls(/^--lob-/, (declaration) => {
    const look = declaration.parent.parent.type === "atrule" ? "dark" : "light";
    found[look][declaration.prop.slice("--lob-".length)] = declaration.value;
  });
  return found;
}

/** Name, version, licence and licence text of every package in the bundle. */
async function notices() {
  const { dependencies } = JSON.parse(await text(join(here, "package.json")));
  const parts = [
    "Third-party software in the files beside this one.\n" +
      "The style sheets were minified, and rules for classes this tool does not use were left out.\n",
  ];
  for (const name of Object.keys(dependencies).sort()) {
    const folder = join(here, "node_modules", name);
    const about = JSON.parse(await text(join(folder, "package.json")));
    const licence = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file));
    parts.push(`${name} ${about.version}\nLicence: ${about.license}\n\n${(await text(join(folder, licence))).trim()}\n`);
  }
  return parts.join(`\n${"-".repeat(78)}\n\n`);
}

await mkdir(out, { recursive: true });
const result = await esbuild.build({
  absWorkingDir: here,
  entryPoints: ["css/app.css", "js/app.js", "js/guide.js", "js/lti.js", "js/renew.js"],
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome108", "firefox115", "safari16"],
  legalComments: "none",
  entryNames: "[name]-[hash]",
  outdir: out,
  write: false,
  metafile: true,
  plugins: [onlyUsedRules],
});

const manifest = {};
for (const [path, { entryPoint }] of Object.entries(result.metafile.outputs)) {
  manifest[entryPoint.split("/").at(-1)] = path.split("/").at(-1);
}
manifest.sources = await digest();

for (const file of await readdir(out)) {
  if (/^(app|guide|lti|renew)-[A-Z0-9]+\.(css|js)$/.test(file)) await rm(join(out, file));
}
for (const { path, contents } of result.outputFiles) await writeFile(path, contents);
await writeFile(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
await writeFile(join(out, "tokens.json"), `${JSON.stringify(await tokens(), null, 2)}\n`);
await writeFile(join(out, "THIRD-PARTY-NOTICES.txt"), await notices());
for (const { path, contents } of result.outputFiles) {
  console.log(`${relative(out, path)}  ${(contents.length / 1024).toFixed(1)} kB`);
}
