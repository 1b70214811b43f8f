import { fileURLToPath } from "node:url";
import { build } from "vite";

/** One script of what a program that imports the client needs. */
export async function bundle(program: string): Promise<string> {
  const built = await build({
    configFile: false,
    root: fileURLToPath(new URL("../packages/client", import.meta.url)),
    logLevel: "error",
    plugins: [
      {
        name: "program",
        resolveId: (id) => (id === "program" ? "\0program.js" : undefined),
        load: (id) => (id === "\0program.js" ? program : undefined),
      },
    ],
    build: { write: false, minify: false, target: "es2024", rolldownOptions: { input: "program", output: { format: "iife" } } },
  });
  const [{ output }] = [Array.isArray(built) ? built[0]! : built] as unknown as [{ output: readonly { readonly code?: string }[] }];
  return output[0]!.code!;
}
