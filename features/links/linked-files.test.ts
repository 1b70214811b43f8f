import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteBlobs } from "@doppelwerk/storage/sqlite";
import type { Blobs, WorldRecord } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { LinkedFiles, type FileBounds } from "./server/linked-files.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-linked-files-"));
let blobs: Blobs;
beforeAll(() => {
  blobs = openSqliteBlobs(join(folder, "blobs.sqlite"));
});
afterAll(async () => {
  await blobs.close();
  rmSync(folder, { recursive: true, force: true });
});

const WAIT = { timeout: 60_000 };
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
const file = (name: string, text: string, more: object = {}): WorldRecord => ({
  id: `file:${name}`,
  kind: "file",
  owner: "urn:shell",
  path: `/${name}`,
  name,
  contentType: "text/plain",
  hash: hashOf(text),
  size: text.length,
  ...more,
});

/** Files of a world that sends these texts by name. */
function filesOf(sent: Readonly<Record<string, string>>, bounds?: FileBounds) {
  const read: string[] = [];
  const onBrought = vi.fn();
  const files = new LinkedFiles({
    blobs,
    ...(bounds && { bounds }),
    onBrought,
    async read({ name }) {
      read.push(String(name));
      const text = sent[String(name)];
      return text === undefined
        ? undefined
        : (async function* () {
            for (const octet of Buffer.from(text)) yield Uint8Array.of(octet);
          })();
    },
  });
  return { files, read, onBrought };
}

test("[LK14] a file is brought once, held to its hash and size, and the others come all the same", async () => {
  const { files, read, onBrought } = filesOf({ good: "whole", short: "who", long: `whole${"!".repeat(100_000)}`, other: "elohw" });
  const wanted = [
    file("gone", "never sent"),
    file("short", "whole."),
    file("long", "whole!"),
    file("other", "whole?"),
    file("good", "whole"),
  ];
  expect(await files.take(wanted)).toEqual(new Set());
  await vi.waitFor(() => expect(onBrought).toHaveBeenCalled(), WAIT);
  expect(await files.take(wanted)).toEqual(new Set(["file:good"]));
  expect(files.findings()).toMatchObject([{ code: "links.filesNotRead", params: { count: 4, name: "gone" } }]);
  await files.close();
  expect(read).toEqual(["gone", "short", "long", "other", "good"]);
  expect(Buffer.from((await blobs.get(hashOf("whole")))!.bytes).toString()).toBe("whole");
  for (const { hash } of wanted.slice(0, 4)) expect(await blobs.get(String(hash))).toBeUndefined();
});

test("[LK14] what is beyond the bounds of a link is not read, and counted", async () => {
  const { files, read } = filesOf({ a: "aaaa", b: "bbbb", c: "cccc" }, { each: 4, all: 9 });
  await files.take([file("a", "aaaa"), file("large", "01234"), file("b", "bbbb"), file("c", "cccc"), file("odd", "", { size: "many" })]);
  await files.close();
  expect(read).not.toContain("large");
  expect(read).not.toContain("c");
  expect(files.findings()[0]).toMatchObject({ code: "links.filesBounded", params: { count: 3, name: "large" } });
});
