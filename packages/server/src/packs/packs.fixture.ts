import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

/** Files of a small pack by path; what is given replaces or adds. */
export function smallPack(
  more: Readonly<Record<string, string>> = {},
  block: Readonly<Record<string, unknown>> = {},
  version = "0.1.0",
): Map<string, Uint8Array> {
  const packageJson = {
    name: "@brewco/doppelwerk-brewery",
    version,
    description: "Tanks and batches of a brewery",
    type: "module",
    doppelwerk: {
      api: "^1",
      permissions: ["read"],
      contributes: {
        features: [
          {
            id: "brewery",
            server: "./server/open.js",
            endpoints: [
              {
                id: "brewery.batches",
                route: "GET /packs/brewery/batches",
                summary: "Batches in tanks",
                action: "read",
                answer: { type: "array", items: { type: "object" } },
              },
            ],
          },
        ],
      },
      ...block,
    },
  };
  const files = {
    "package.json": JSON.stringify(packageJson),
    "server/open.js": `export const open = async () => ({ handlers: { "brewery.batches": async () => [{ tank: "T1" }] } });`,
    ...more,
  };
  return new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
}

export function writePack(folder: string, files: ReadonlyMap<string, Uint8Array>): string {
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** One entry of an archive as anybody may write it. */
export interface TarEntry {
  readonly name: string;
  readonly content?: Uint8Array;
  readonly type?: string;
  readonly link?: string;
  /** In the place of the size of the content. */
  readonly size?: string;
}

export function tarGz(entries: readonly TarEntry[]): Buffer {
  return gzipSync(Buffer.concat([...entries.flatMap(blocksOf), Buffer.alloc(1_024)]));
}

/** As `npm pack` makes it. */
export function archiveOf(files: ReadonlyMap<string, Uint8Array>): Buffer {
  return tarGz([...files].map(([path, content]) => ({ name: `package/${path}`, content })));
}

function blocksOf({ name, content = new Uint8Array(), type = "0", link = "", size }: TarEntry): Buffer[] {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write("0000644\0", 100);
  header.write(size ?? `${content.length.toString(8).padStart(11, "0")}\0`, 124, 12);
  header.write(type, 156);
  header.write(link, 157, 100);
  header.write("ustar\u000000", 257);
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, octet) => total + octet, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return [header, Buffer.from(content), Buffer.alloc((512 - (content.length % 512)) % 512)];
}
