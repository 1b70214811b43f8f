import { createReadStream, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import type { Plugin } from "vite";
import { sharedModules } from "./src/shared-modules.ts";

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

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), pdfData(), sharedModules()],
  build: {
    outDir: "../../packages/studio/dist",
    emptyOutDir: true,
    target: "es2024",
    chunkSizeWarningLimit: 1400,
    sourcemap: false,
    // A page asks for what it needs when it is opened; a list of that for every page would be most of the index of views.
    modulePreload: {
      resolveDependencies: (_, files, { hostType }) => (hostType === "html" ? files : files.filter((file) => file.endsWith(".css"))),
    },
    // What the tests of the first load read.
    manifest: true,
    // The index of all views is a chunk of its own: it grows with every feature, the shell does not.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "views", test: /\/views(-of-product)?\.ts$/ }] } } },
  },
  server: { proxy: { "/api": server, "/worlds": server, "/ws": { target: server.replace(/^http/, "ws"), ws: true } } },
});
