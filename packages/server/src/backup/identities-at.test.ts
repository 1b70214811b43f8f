import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { openDataFolder } from "@doppelwerk/storage/files";
import { afterAll, expect, test } from "vitest";
import { AccountStore, accountsPath } from "../accounts/account-store.ts";
import { CertificateStore, certificatesPath } from "../certificates/certificate-store.ts";
import { CredentialStore, credentialsPath } from "../credentials/credential-store.ts";
import { MachineStore, type MachineRole } from "../machines/machine-store.ts";
import { machinesPath } from "../machines/machines.ts";
import { PasskeyStore, passkeysPath } from "../passkeys/passkey-store.ts";
import { TerminalStore, terminalsPath } from "../terminals/terminal-store.ts";
import { restore } from "./restore.ts";
import { writeBackup } from "./write-backup.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-identities-at-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const version = "1.2.3";
const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
const passkey = (account: string, id: string) =>
  ({ id, account, name: id, host: "h", key: "k", counter: 1, synced: false, created: new Date().toISOString() }) as const;
const terminal = { name: "Mill", idleS: 60, badgeNeedsPin: false, signOffAt: [] };

test("[SV318] who may connect is restored as of an instant: nobody and nothing that was added later; what was taken away later stays so, unless it is asked for", async () => {
  const identity = await generateX25519Identity();
  const recipients = { recipients: [await identityToRecipient(identity)] };
  const keys = { identities: [identity], passphrases: [] };
  const [data, to] = [join(root, "data"), join(root, "backups")];
  await (await openDataFolder(data, { owner: "test" })).close();
  const accounts = new AccountStore(accountsPath(data));
  const machines = new MachineStore(machinesPath(data));
  const terminals = new TerminalStore(terminalsPath(data));
  const passkeys = new PasskeyStore(passkeysPath(data));
  const boss = accounts.create({ login: "boss", name: "Boss", roles: ["administrator"] });
  const [kept, fallen, gone, risen] = ["kept", "fallen", "gone", "risen"].map((login) =>
    accounts.create({ login, name: login, roles: login === "fallen" ? ["viewer", "engineer"] : ["viewer"] }),
  ) as [typeof boss, typeof boss, typeof boss, typeof boss];
  const edge = machines.create({ name: "edge", roles: ["operator"] });
  machines.giveToken(edge.id, Date.now());
  const ended = machines.create({ name: "ended", roles: ["operator"] });
  const mill = terminals.create(terminal);
  const browser = terminals.declare(terminals.offerLink(mill.id, Date.now()), Date.now());
  passkeys.add(passkey(kept.id, "early"));
  passkeys.add(passkey(gone.id, "of-gone"));
  const first = await writeBackup({ data, to, recipients, version });
  await pause();
  // before the instant, after the first backup
  accounts.create({ login: "between", name: "Between", roles: ["viewer"] });
  await pause();
  const at = Date.now();
  await pause();
  const late = accounts.create({ login: "late", name: "Late", roles: ["administrator"] });
  accounts.update(fallen.id, (account) => ({ ...account, roles: ["viewer"] }));
  accounts.update(kept.id, (account) => ({ ...account, disabled: true }));
  accounts.update(risen.id, (account) => ({ ...account, roles: ["viewer", "administrator"] }));
  accounts.remove(gone.id);
  passkeys.add(passkey(boss.id, "late"));
  passkeys.add(passkey(late.id, "of-late"));
  const added = machines.create({ name: "added", roles: ["engineer"] });
  machines.giveToken(edge.id, Date.now());
  machines.remove(ended.id);
  terminals.declare(terminals.offerLink(mill.id, Date.now()), Date.now());
  await writeBackup({ data, to, recipients, version });

  const restored = async (name: string, from: string, more: { readonly withRevoked?: boolean } = {}) => {
    const into = join(root, name);
    const report = await restore({ from, data: into, keys, version, atMs: at, ...more });
    const people = Object.fromEntries(
      new AccountStore(accountsPath(into))
        .list()
        .map(({ login, roles, disabled }) => [login, [...roles, ...(disabled ? ["disabled"] : [])]]),
    );
    const connected = Object.fromEntries(new MachineStore(machinesPath(into)).list().map((each) => [each.name, each.token !== undefined]));
    const store = new PasskeyStore(passkeysPath(into));
    const ids = [boss, kept, gone].flatMap(({ id }) => store.of(id).map((each) => each.id));
    const [terminalThere] = new TerminalStore(terminalsPath(into)).list();
    return { report, people, connected, ids, browser: terminalThere?.browser?.hash };
  };
  const safe = await restored("safe", to);
  expect(safe.people).toEqual({
    between: ["viewer"],
    boss: ["administrator"],
    fallen: ["viewer"],
    kept: ["viewer", "disabled"],
    risen: ["viewer"],
  });
  // its token of now was made later, and the one of then was replaced
  expect(safe.connected).toEqual({ edge: false });
  expect(safe.ids).toEqual(["early"]);
  expect(safe.browser).toBeUndefined();
  expect(safe.report.identities).toMatchObject({ returned: [] });
  expect(safe.report.identities!.removed).toEqual(
    expect.arrayContaining([`accounts.json ${late.id}`, `machines.json ${added.id}`, "passkeys.json late", "passkeys.json of-late"]),
  );

  const all = await restored("all", to, { withRevoked: true });
  expect(all.people).toEqual({
    between: ["viewer"],
    boss: ["administrator"],
    fallen: ["viewer", "engineer"],
    gone: ["viewer"],
    kept: ["viewer"],
    risen: ["viewer"],
  });
  expect(all.connected).toEqual({ edge: true, ended: false });
  expect(all.ids).toEqual(["early", "of-gone"]);
  expect(all.browser).toBe(browser.terminal.browser!.hash);
  expect(all.report.identities!.returned).toContain(`accounts.json ${gone.id}`);

  // without an earlier backup: by the times alone, and rights as they are now
  const file = join(root, "one.tar.age");
  await writeBackup({ data, to: file, recipients, version });
  const alone = await restored("alone", file);
  expect(alone.people).toMatchObject({ between: ["viewer"], kept: ["viewer", "disabled"], risen: ["viewer", "administrator"] });
  expect(alone.people["late"]).toBeUndefined();

  // before anybody was there
  const before = join(root, "before");
  const none = await restore({ from: file, data: before, keys, version, atMs: Date.parse(boss.created) - 1 });
  expect(none.identities!.removed.length).toBeGreaterThan(6);
  expect(new AccountStore(accountsPath(before)).isEmpty).toBe(true);
  expect(first.id < none.backup).toBe(true);
}, 120_000);

test("[SV318] issuers are trusted as of an instant; certificates and credentials that were issued later are revoked, and none that was revoked holds again", async () => {
  const identity = await generateX25519Identity();
  const [data, to] = [join(root, "trust-data"), join(root, "trust-backups")];
  const backup = { data, to, recipients: { recipients: [await identityToRecipient(identity)] }, version };
  await (await openDataFolder(data, { owner: "test" })).close();
  const credentials = new CredentialStore(credentialsPath(data));
  const certificates = new CertificateStore(certificatesPath(data), Date.now);
  const trust = (host: string, role: MachineRole, types: readonly string[]) =>
    credentials.trust({ did: `did:web:${host}`, name: host, role, types, maxAgeHours: 24 });
  const issue = (name: string) =>
    credentials.issue({ kind: "company", name, validFrom: "2026-01-01T00:00:00Z", validUntil: "2027-01-01T00:00:00Z" });
  const certify = (serial: string) => {
    const from = new Date().toISOString();
    certificates.add({ serial, of: "tls", owner: serial, did: "did:key:z6Mk", thumbprint: serial, from, until: "2099-01-01T00:00:00Z" });
  };
  credentials.publishAs("plant.example");
  const [raised, gone] = [trust("raised.example", "viewer", ["A"]), trust("gone.example", "viewer", ["A"])];
  const [early, ended] = [issue("early"), issue("ended")];
  for (const serial of ["aa", "bb"]) certify(serial);
  await writeBackup(backup);
  await pause();
  const atMs = Date.now();
  await pause();
  credentials.changeTrusted(raised.id, (before) => ({ ...before, role: "engineer", types: ["A", "B"] }));
  credentials.distrust(gone.id);
  trust("late.example", "engineer", ["A"]);
  const late = issue("late");
  credentials.change(ended.id, (before) => ({ ...before, revoked: { at: new Date().toISOString() } }));
  certify("cc");
  certificates.revoke("bb");
  await writeBackup(backup);

  for (const withRevoked of [false, true]) {
    const into = join(root, `trust-${withRevoked}`);
    await restore({ from: to, data: into, keys: { identities: [identity], passphrases: [] }, version, atMs, withRevoked });
    const restored = new CredentialStore(credentialsPath(into));
    expect(restored.publishedAs).toBe("plant.example");
    expect(restored.trusted.map(({ name, role, types }) => [name, role, types])).toEqual(
      [["gone.example", "viewer", ["A"]] as const, ["raised.example", "viewer", ["A"]] as const].slice(withRevoked ? 0 : 1),
    );
    // outside there are lists by which they hold
    const isRevoked = ({ id }: { readonly id: string }): boolean => restored.byId(id)?.revoked !== undefined;
    expect([early, ended, late].map(isRevoked)).toEqual([false, true, true]);
    const known = new CertificateStore(certificatesPath(into), Date.now).list();
    expect(known.map(({ serial, revoked }) => [serial, revoked !== undefined])).toEqual([
      ["aa", false],
      ["bb", true],
      ["cc", true],
    ]);
  }
}, 120_000);

test("[SV318] jobs that had ended at the instant are there with their results; later ones, and those that had not ended, are gone", async () => {
  const identity = await generateX25519Identity();
  const data = join(root, "jobs-data");
  await (await openDataFolder(data, { owner: "test" })).close();
  const now = Date.now();
  const job = (name: string, enqueuedAt: number, finishedAt?: number) => ({
    v: 1,
    id: `simulate:${name}`,
    kind: "simulate.run",
    branch: "live",
    by: "person:a",
    state: finishedAt === undefined ? "running" : "done",
    priority: 1,
    enqueuedAt: enqueuedAt * 1_000,
    ...(finishedAt !== undefined && { finishedAt: finishedAt * 1_000 }),
    done: 1,
    total: 1,
    resumed: 0,
    crashes: 0,
    doneAtCrash: 0,
    detail: {},
  });
  mkdirSync(join(data, "jobs"));
  const jobs = [
    job("early", now - 9_000, now - 8_000),
    job("across", now - 9_000, now - 1_000),
    job("late", now - 2_000, now - 1_000),
    job("open", now - 9_000),
  ];
  writeFileSync(join(data, "jobs", "jobs.jsonl"), jobs.map((each) => `${JSON.stringify(each)}\n`).join(""));
  for (const { id } of jobs) writeFileSync(join(data, "jobs", `${id.replace(":", "_")}.result.gz`), id);
  const from = join(root, "jobs.tar.age");
  await writeBackup({ data, to: from, recipients: { recipients: [await identityToRecipient(identity)] }, version });
  const into = join(root, "jobs-restored");
  const keys = { identities: [identity], passphrases: [] };
  const report = await restore({ from, data: into, keys, version, atMs: now - 5_000 }).catch((error: Error) => error);
  // what is no gzip is found by the check of the folder, of the job that is left
  expect(String(report)).toMatch(/simulate_early\.result\.gz/);
  writeFileSync(join(data, "jobs", "simulate_early.result.json"), "{}");
  rmSync(join(data, "jobs", "simulate_early.result.gz"));
  const again = join(root, "jobs-again.tar.age");
  await writeBackup({ data, to: again, recipients: { recipients: [await identityToRecipient(identity)] }, version });
  const good = await restore({ from: again, data: into, keys, version, atMs: now - 5_000 });
  expect(good.jobs).toEqual(["simulate:across", "simulate:late", "simulate:open"]);
  expect(
    readFileSync(join(into, "jobs", "jobs.jsonl"), "utf8")
      .trim()
      .split("\n"),
  ).toHaveLength(1);
}, 60_000);
