import type { Plugin } from "vite";

const OF_PACKAGE = /\/(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//;

/** Notes, for the bill of materials, the packages of npm that the studio was made of: `.vite/packages.json` beside the manifest. */
export function bundledPackages(): Plugin {
  return {
    name: "bundled-packages",
    apply: "build",
    generateBundle() {
      const paths = [...this.getModuleIds()].flatMap((id) => OF_PACKAGE.exec(id.replaceAll("\\", "/"))?.[1] ?? []);
      const source = `${JSON.stringify([...new Set(paths)].sort(), undefined, 1)}\n`;
      this.emitFile({ type: "asset", fileName: ".vite/packages.json", source });
    },
  };
}
