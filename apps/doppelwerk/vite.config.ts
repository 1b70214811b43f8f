import { createReadStream, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import type { InlineConfig, Plugin } from "vite";
import { bundledPackages } from "./src/bundled-packages.ts";
import { loadedModules } from "./src/first-load.ts";
import { SHARED_KIT, sharedModules } from "./src/shared-modules.ts";
import { smallViews } from "./src/small-views.ts";

// `DOPPELWERK_SERVER` points the development server at a running `doppelwerk serve`.
const server = process.env.DOPPELWERK_SERVER ?? "http://127.0.0.1:4848";

/** What the reader of PDF fetches by name when a document needs it: character maps of Chinese and others, fonts, picture decoders, colours. */
function pdfData(): Plugin {
  const root = dirname(createRequire(new URL("../../features/package.json", import.meta.url)).resolve("pdfjs-dist/package.json"));
  const files = ["cmaps", "standard_fonts", "iccs", "wasm"].flatMap((folder) =>
    readdirSync(join(root, folder))
      // Scripts in documents are never run: their engine stays out.
      .filter((name) => !name.startsWith("quickjs"))
      .map((name) => `${folder}/${name}`),
  );
  return {
    name: "pdf-data",
    generateBundle() {
      for (const name of files) this.emitFile({ type: "asset", fileName: `pdf/${name}`, source: readFileSync(join(root, name)) });
    },
    configureServer({ middlewares }) {
      middlewares.use("/pdf", (request, response, next) => {
        const name = files.find((each) => request.url === `/${each}`);
        if (name === undefined) next();
        else createReadStream(join(root, name)).pipe(response);
      });
    },
  };
}

const SHARED_FILE = /\.css$|\/(?:forms|charts|three\.module|(?:\w[\w-]*-)?parts)-[\w-]+\.js$/;

const config: InlineConfig = {
  root: import.meta.dirname,
  plugins: [react(), pdfData(), sharedModules(), bundledPackages()],
  build: {
    outDir: "../../packages/studio/dist",
    emptyOutDir: true,
    target: "es2024",
    chunkSizeWarningLimit: 1400,
    sourcemap: false,
    // What pages share comes beside the page, not after it. All that a page needs would be a list of most files in the index of views.
    modulePreload: {
      resolveDependencies: (_, files, { hostType }) => (hostType === "html" ? files : files.filter((file) => SHARED_FILE.test(file))),
    },
    // What the tests of the first load read.
    manifest: true,
  },
  server: { proxy: { "/api": server, "/worlds": server, "/ws": { target: server.replace(/^http/, "ws"), ws: true } } },
};

/** The index of all views is a chunk of its own: it grows with every feature, the shell does not. */
const views = { name: "views", test: /\/views(-of-product)?\.ts$/, priority: 9 };

const FORMS = /\/@mantine\/form\/|\/react-number-format\/|\/NumberInput\//;
const CHARTS = /\/uplot\/|\/ui\/src\/charts\//;
/** What pages share, by what it is for, and small views: alone most modules are a request for a few hundred bytes. */
async function together(): Promise<InlineConfig> {
  const { shell, kit, ...loaded } = await loadedModules(config, SHARED_KIT, (id) => CHARTS.test(id));
  const groups = [
    views,
    // all of them, for pages that show others too
    { name: "icons", test: /@tabler\/icons-react\/dist\/esm\/icons\/Icon/, priority: 8, includeDependenciesRecursively: false },
    { name: "shell", test: (id: string) => shell.has(id), priority: 7 },
    { name: "forms", test: (id: string) => kit.has(id) && FORMS.test(id), priority: 6 },
    { name: "parts", test: (id: string) => kit.has(id) && !CHARTS.test(id), priority: 5 },
    { name: "charts", test: (id: string) => kit.has(id), priority: 4 },
    ...[...new Set(loaded.small.values())].map((name) => ({ name, test: (id: string) => loaded.small.get(id) === name, priority: 3 })),
  ];
  return {
    ...config,
    plugins: [...config.plugins!, smallViews(loaded.smallViews)],
    build: { ...config.build, rolldownOptions: { output: { codeSplitting: { groups } } } },
  };
}

export default defineConfig(async ({ command }) => (command === "build" ? together() : config));
