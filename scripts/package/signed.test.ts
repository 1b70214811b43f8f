import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { regionOf } from "../guide.ts";
import { need } from "../services.ts";
import { readSigningKey } from "./minisign.ts";
import { PUBLIC_KEY, SUMS, writeSums } from "./sums.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-signed-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const root = fileURLToPath(new URL("../..", import.meta.url));
const commands = regionOf(readFileSync(join(root, "packaging/verify-commands.sh"), "utf8"), "verify", "verify-commands.sh");

test("[SV321] the list of SHA-256 is signed as minisign does; the commands of the guide find a changed file, list, signature and another key; a key that is none or has a password is refused", () => {
  const minisign = need("minisign");
  const [secret, own] = [join(folder, "secret.key"), join(folder, "own.pub")];
  execFileSync(minisign, ["-G", "-W", "-p", own, "-s", secret], { stdio: "ignore" });
  const [archive, debian] = ["doppelwerk-1.2.3-linux-x64.tar.gz", "doppelwerk_1.2.3_amd64.deb"].map((name) => join(folder, name)) as [
    string,
    string,
  ];
  writeFileSync(archive, "archive");
  writeFileSync(debian, "package");
  writeSums([archive, debian], { version: "1.2.3", keyFile: secret });
  const keyOf = (path: string): string => readFileSync(path, "utf8").split("\n")[1]!;
  // the public key beside the packages is that of minisign itself
  expect(keyOf(join(folder, PUBLIC_KEY))).toBe(keyOf(own));
  const verify = (key = keyOf(own)) => {
    const { status, stdout, stderr } = spawnSync("sh", ["-euc", commands], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C", KEY: key },
    });
    return { status, said: stdout + stderr };
  };
  const good = verify();
  expect(good.said).toMatch(/Signature and comment signature verified\nTrusted comment: doppelwerk 1\.2\.3\n/);
  expect(good).toMatchObject({ status: 0 });
  expect(good.said).toContain("doppelwerk_1.2.3_amd64.deb: OK");

  const changed = (path: string, change: (text: string) => string, reason: RegExp): void => {
    const before = readFileSync(path, "utf8");
    writeFileSync(path, change(before));
    const { status, said } = verify();
    expect(status, said).not.toBe(0);
    expect(said).toMatch(reason);
    writeFileSync(path, before);
  };
  changed(debian, (text) => `${text}!`, /FAILED/);
  changed(join(folder, SUMS), (text) => text.replace("1.2.3", "1.2.4"), /Signature verification failed/);
  changed(
    join(folder, `${SUMS}.minisig`),
    (text) => text.replace("doppelwerk 1.2.3", "doppelwerk 9.9.9"),
    /Comment signature verification failed/,
  );
  expect(verify().status).toBe(0);
  const other = join(folder, "other.pub");
  execFileSync(minisign, ["-G", "-W", "-p", other, "-s", join(folder, "other.key")], { stdio: "ignore" });
  expect(verify(keyOf(other)).status).not.toBe(0);

  const signature = readFileSync(join(folder, `${SUMS}.minisig`), "utf8");
  writeSums([archive, debian], { version: "1.2.3", keyFile: secret });
  expect(readFileSync(join(folder, `${SUMS}.minisig`), "utf8")).toBe(signature);
  // what is not signed has no signature of before beside it
  expect(writeSums([archive, debian], { version: "1.2.3" })).toEqual([join(folder, SUMS)]);
  expect(verify().status).not.toBe(0);

  expect(() => readSigningKey(own)).toThrow(/no secret key of minisign/);
  const bytes = Buffer.from(readFileSync(secret, "utf8").split("\n")[1]!, "base64");
  const altered = (at: number, value: number): string => {
    const copy = Buffer.from(bytes);
    copy[at] = value;
    writeFileSync(join(folder, "altered.key"), `untrusted comment: x\n${copy.toString("base64")}\n`);
    return join(folder, "altered.key");
  };
  expect(() => readSigningKey(altered(2, 0x53))).toThrow(/has a password/);
  expect(() => readSigningKey(altered(70, bytes[70]! ^ 1))).toThrow(/is damaged/);
});
