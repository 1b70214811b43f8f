import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { openDataFolder } from "../files/index.ts";
import {
  isSealed,
  keyOfSealed,
  newKeyText,
  openedFromDisk,
  openText,
  readKeyMaterial,
  SealedSecrets,
  sealedForDisk,
  sealKeyOf,
  sealText,
  usedKey,
  useSealing,
} from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-sealing-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => void useSealing(join(root, "nowhere")));

const file = (name: string, text: string): string => {
  writeFileSync(join(root, name), text);
  return join(root, name);
};

test("[ST72] a sealed text is opened with its key under its name alone; any altered byte, another name or key is refused, and nothing of it is readable", () => {
  const key = sealKeyOf(readKeyMaterial(file("a.key", newKeyText())));
  const other = sealKeyOf(readKeyMaterial(file("b.key", newKeyText())));
  const text = '{"password":"seven green pumps"}';
  const sealed = sealText("accounts.json", text, key);
  expect(openText("accounts.json", sealed, key)).toBe(text);
  expect(sealText("accounts.json", text, key)).not.toBe(sealed);
  expect(sealed).not.toMatch(/pumps/);
  expect([isSealed(sealed), isSealed(text), keyOfSealed("accounts.json", sealed).id]).toEqual([true, false, key.id]);
  expect(() => openText("machines.json", sealed, key)).toThrow(expect.objectContaining({ code: "DW_DAMAGED" }));
  expect(() => openText("accounts.json", sealed, other)).toThrow(expect.objectContaining({ code: "DW_FORBIDDEN" }));
  const parts = JSON.parse(sealed) as { nonce: string; text: string };
  for (const name of ["nonce", "text"] as const) {
    const bytes = Buffer.from(parts[name], "base64");
    for (let at = 0; at < bytes.length; at++) {
      const altered = Buffer.from(bytes);
      altered[at]! ^= 1 << (at % 8);
      const line = JSON.stringify({ ...parts, [name]: altered.toString("base64") });
      expect(() => openText("accounts.json", line, key), `${name} ${at}`).toThrow(expect.objectContaining({ code: "DW_DAMAGED" }));
    }
  }
  const newer = JSON.stringify({ ...parts, v: 2 });
  expect(() => openText("accounts.json", newer, key)).toThrow(expect.objectContaining({ code: "DW_FORMAT_NEWER" }));
});

test("[ST72] a folder that is sealed needs its key: none or another is refused in one line; a new folder is sealed from its birth, one with secrets is not sealed silently", async () => {
  const [key, other] = [file("c.key", newKeyText()), file("d.key", newKeyText())];
  const data = join(root, "new");
  // who only looks makes nothing
  expect(useSealing(data, key)).toBe(false);
  expect(existsSync(data)).toBe(false);
  expect(useSealing(data, key, { sealsNew: true })).toBe(true);
  expect(readdirSync(data)).toEqual(["sealed.json"]);
  await (await openDataFolder(data, { owner: "test" })).close();
  const onDisk = sealedForDisk("accounts.json", "text");
  expect(isSealed(onDisk)).toBe(true);
  expect(openedFromDisk("accounts.json", onDisk)).toBe("text");
  expect(() => useSealing(data)).toThrow(
    expect.objectContaining({ code: "DW_FORBIDDEN", message: expect.stringMatching(/no key is given/) }),
  );
  expect(() => useSealing(data, other)).toThrow(
    expect.objectContaining({ code: "DW_FORBIDDEN", message: expect.stringMatching(/is the key/) }),
  );
  expect(() => useSealing(data, join(root, "missing.key"))).toThrow(expect.objectContaining({ code: "DW_INVALID" }));
  expect(useSealing(data, key)).toBe(true);
  writeFileSync(join(data, "inside.key"), newKeyText());
  expect(() => useSealing(data, join(data, "inside.key"))).toThrow(/protects nothing/);

  const before = join(root, "before");
  await (await openDataFolder(before, { owner: "test" })).close();
  expect(useSealing(before, key, { sealsNew: true })).toBe(false);
  expect(usedKey()).toBeUndefined();
  expect(sealedForDisk("accounts.json", "text")).toBe("text");
});

test("[ST72] a passphrase is a key too, the same with the salt of the folder; one that is short is refused", () => {
  const passphrase = file("passphrase", "seven green pumps\n");
  const data = join(root, "by-passphrase");
  mkdirSync(data);
  expect(useSealing(data, passphrase, { sealsNew: true })).toBe(true);
  const onDisk = sealedForDisk("accounts.json", "text");
  expect(useSealing(data, passphrase)).toBe(true);
  expect(openedFromDisk("accounts.json", onDisk)).toBe("text");
  expect(() => readKeyMaterial(file("short", "short"))).toThrow(/fewer than/);
});

test("[ST72] secrets by name are there after they are opened again, are forgotten without a text, and a file of something else is refused", () => {
  const folder = join(root, "programs");
  const secrets = new SealedSecrets(folder, "secrets.json");
  secrets.set("a", "first");
  secrets.set("b", "second");
  secrets.set("a", undefined);
  expect(statSync(join(folder, "secrets.json")).mode & 0o777).toBe(0o600);
  const again = new SealedSecrets(folder, "secrets.json");
  expect([again.of("a"), again.of("b")]).toEqual([undefined, "second"]);
  for (const text of ["[]", "null", '{"a":1}']) {
    writeFileSync(join(folder, "secrets.json"), text);
    expect(() => new SealedSecrets(folder, "secrets.json"), text).toThrow("no file of secrets");
  }
});
