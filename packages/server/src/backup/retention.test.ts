import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { openDataFolder } from "@doppelwerk/storage/files";
import { afterAll, expect, test } from "vitest";
import { backupsIn } from "./backup-folder.ts";
import { listFolder } from "./list-folder.ts";
import { drill } from "./restore.ts";
import { keptBackups, parseKeepRule } from "./retention.ts";
import { writeBackup } from "./write-backup.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-retention-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const version = "1.2.3";

test("[SV319] a rule keeps the newest of so many days, weeks, months and years, the newest of all, and the last that was verified; one that is none is refused", () => {
  const backups = Array.from({ length: 400 }, (_, n) => {
    const instant = new Date(Date.UTC(2026, 0, 1, 2) + n * 86_400_000).toISOString();
    return { id: instant.slice(0, 10), instant, isVerified: n === 3 };
  });
  const kept = (rule: string, of = backups) => [...keptBackups(of, parseKeepRule(rule))].toSorted();
  const newest = "2027-02-04";
  expect(kept("last=2")).toEqual(["2026-01-04", "2027-02-03", newest]);
  expect(kept("daily=3")).toEqual(["2026-01-04", "2027-02-02", "2027-02-03", newest]);
  // weeks end on Sundays
  expect(kept("weekly=3")).toEqual(["2026-01-04", "2027-01-24", "2027-01-31", newest]);
  expect(kept("monthly=3")).toEqual(["2026-01-04", "2026-12-31", "2027-01-31", newest]);
  expect(kept("yearly=5")).toEqual(["2026-01-04", "2026-12-31", newest]);
  expect(kept("daily=2, weekly=2")).toEqual(["2026-01-04", "2027-01-31", "2027-02-03", newest]);
  // several of a day: the last of them
  const twice = backups
    .slice(0, 2)
    .flatMap((each) => [each, { ...each, id: `${each.id}b`, instant: each.instant.replace("T02", "T14"), isVerified: false }]);
  expect(
    kept(
      "daily=2",
      twice.map((each) => ({ ...each, isVerified: false })),
    ),
  ).toEqual(["2026-01-01b", "2026-01-02b"]);
  for (const wrong of ["", "daily", "daily=-1", "hourly=3", "daily=1;weekly=1", "daily=1,daily=2", "daily=0", "daily=99999"])
    expect(() => parseKeepRule(wrong), wrong).toThrow(expect.objectContaining({ code: "DW_INVALID" }));
});

test("[SV319] [SV320] what the rule does not keep goes, and no archive that another backup needs; of a backup that is not in the catalogue nothing goes. The list tells sizes, what is missing, and what was verified", async () => {
  const identity = await generateX25519Identity();
  const recipients = { recipients: [await identityToRecipient(identity)] };
  const keys = { identities: [identity], passphrases: [] };
  const [data, to] = [join(root, "data"), join(root, "backups")];
  await (await openDataFolder(data, { owner: "test" })).close();
  mkdirSync(join(data, "features"));
  const backUp = async (name: string, more = {}) => {
    writeFileSync(join(data, "features", `${name}.bin`), name.repeat(1_000));
    return writeBackup({ data, to, recipients, version, ...more });
  };
  const ids: string[] = [];
  for (const name of ["a", "b", "c"]) ids.push((await backUp(name)).id);
  await drill({ from: to, keys, version });
  expect(await listFolder({ folder: to })).toMatchObject([
    { id: ids[0], needs: 1 },
    { id: ids[1] },
    { id: ids[2], needs: 3, verified: expect.any(String) },
  ]);
  const full = await backUp("d", { full: true });
  ids.push(full.id);
  // of one day: the newest is kept, and the verified one with all that it needs
  const last = await backUp("e", { keep: parseKeepRule("daily=1") });
  ids.push(last.id);
  expect(last.pruned).toMatchObject({ removed: [ids[0], ids[1], ids[3]], freedBytes: 0, unknown: [] });
  expect(backupsIn(to)).toEqual([ids[2], ids[4]]);
  expect(readdirSync(to).filter((name) => name.endsWith(".tar.age"))).toHaveLength(5);
  const verifiedNow = await drill({ from: to, keys, version });
  expect(verifiedNow.backup).toBe(ids[4]);
  // the chain of the first three goes as a whole, now that a newer one was verified
  const next = await backUp("f", { keep: parseKeepRule("last=1") });
  expect(next.pruned!.removed).toEqual([ids[2]]);
  expect(next.pruned!.freedBytes).toBeGreaterThan(0);
  expect(backupsIn(to)).toEqual([ids[4], next.id]);
  expect(
    readdirSync(to)
      .filter((name) => name.endsWith(".tar.age"))
      .map((name) => name.slice(0, -8)),
  ).toEqual([ids[3], ids[4], next.id]);
  expect((await drill({ from: to, keys, version })).backup).toBe(next.id);
  expect(await listFolder({ folder: to, keys })).toMatchObject([
    { id: ids[4], files: expect.any(Number), worlds: [{ name: "default" }] },
    { id: next.id, verified: expect.any(String) },
  ]);

  // a backup that nothing is known of keeps itself and every archive
  copyFileSync(join(to, `${ids[4]}.manifest.age`), join(to, `${ids[3]}.manifest.age`));
  const after = await backUp("g", { keep: parseKeepRule("last=1"), full: true });
  expect(after.pruned).toMatchObject({ unknown: [ids[3]], freedBytes: 0 });
  expect(backupsIn(to)).toContain(ids[3]);
  rmSync(join(to, `${ids[3]}.tar.age`));
  const broken = await listFolder({ folder: to, keys });
  expect(broken.find(({ id }) => id === ids[3])?.problem).toMatch(/is missing/);
  expect(broken.find(({ id }) => id === after.id)?.problem).toBeUndefined();
  const other = await generateX25519Identity();
  const closed = await listFolder({ folder: to, keys: { identities: [other], passphrases: [] } });
  expect(closed.every(({ problem }) => /no key that was given/.test(problem ?? ""))).toBe(true);
  expect(existsSync(join(to, "catalogue.json"))).toBe(true);
  await expect(writeBackup({ data, to: join(root, "x.age"), recipients, version, keep: parseKeepRule("last=1") })).rejects.toMatchObject({
    code: "DW_INVALID",
  });
}, 120_000);
