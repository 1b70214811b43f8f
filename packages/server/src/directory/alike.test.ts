import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSlapd, type SlapdServer } from "../../../../scripts/slapd-server.ts";
import { AccountStore, accountsPath } from "../accounts/account-store.ts";
import { Login } from "../accounts/login.ts";
import { hashOfPassword } from "../accounts/password.ts";
import { Sessions } from "../accounts/sessions.ts";
import { ownCertificate } from "../tls/own-certificate.ts";
import { Directories } from "./directories.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-alike-"));
const PASSWORD = "seven green pumps";
let slapd: SlapdServer;
let proxy: Server;
let directories: Directories;
let login: Login;
/** Messages that were sent to the directory, by their size; connections. */
let sent: number[] = [];
let connections = 0;

beforeAll(async () => {
  const own = await ownCertificate(join(root, "tls"), ["localhost", "127.0.0.1"]);
  const [certificate, key] = ["certificate", "key"].map((name) => join(root, `${name}.pem`)) as [string, string];
  writeFileSync(certificate, own.certificate);
  writeFileSync(key, own.key);
  const person = `dn: cn=Otto,dc=plant,dc=example\nobjectClass: inetOrgPerson\ncn: Otto\nsn: O\nuid: otto\nuserPassword: ${PASSWORD}\n`;
  slapd = await startSlapd(person, certificate, key);
  const target = new URL(slapd.url);
  proxy = createServer((socket) => {
    connections++;
    const onward = connect(Number(target.port), target.hostname);
    socket.on("data", (bytes) => {
      sent.push(bytes.length);
      onward.write(bytes);
    });
    onward.pipe(socket);
    for (const one of [socket, onward]) one.on("error", () => {}).on("close", () => (socket.destroy(), onward.destroy()));
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const data = join(root, "data");
  mkdirSync(data);
  const accounts = new AccountStore(accountsPath(data));
  const now = (): number => Date.now();
  const sessions = new Sessions({
    path: join(data, "sessions.json"),
    now,
    ended: () => {},
    onFault: (error) => expect.fail(String(error)),
  });
  directories = new Directories({ data, accounts, sessions, isSecure: true, now });
  directories.store.put({
    kind: "ldap",
    id: "works",
    name: "Works",
    url: `ldap://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    bindDn: slapd.bindDn,
    bindPassword: slapd.bindPassword,
    base: slapd.base,
    filter: "(uid={login})",
    idAttribute: "uid",
    loginAttribute: "uid",
    nameAttribute: "cn",
    roles: { viewer: ["*"] },
    admits: "groups",
  });
  login = new Login(accounts, now, directories);
  const hash = await hashOfPassword(PASSWORD);
  const mara = accounts.create({ login: "mara", name: "Mara", roles: ["administrator"] });
  accounts.update(mara.id, (known) => ({ ...known, password: hash }));
  const ida = accounts.create({ login: "ida", name: "Ida", roles: ["viewer"] });
  accounts.update(ida.id, (known) => ({ ...known, passwordless: true, recovery: [] }));
}, 60_000);
afterAll(async () => {
  proxy?.close();
  await slapd?.stop();
  rmSync(root, { recursive: true, force: true });
});

/** What a login that fails asks of the directory, and what it is answered. */
async function failing(
  name: string,
): Promise<{ readonly connections: number; readonly sent: readonly number[]; readonly answer: unknown; readonly ms: number }> {
  [sent, connections] = [[], 0];
  const begun = performance.now();
  const answer = await login.check({ login: name, password: "not the password" }, `address of ${name}`).then(
    () => expect.fail("let in"),
    ({ code, message, details }: { code: string; message: string; details: unknown }) => ({ code, message, details }),
  );
  return { connections, sent: [...sent], answer, ms: performance.now() - begun };
}

test("[SV314] a login that fails asks the same of a directory and is answered alike, whether an account of here, a person of there or nobody has it", async () => {
  const [local, withoutPassword, there, nobody] = [
    await failing("mara"),
    await failing("ida"),
    await failing("otto"),
    await failing("nobody"),
  ];
  const times = { local: [] as number[], there: [] as number[], nobody: [] as number[] };
  for (let round = 0; round < 3; round++) {
    times.local.push((await failing("mara")).ms);
    times.there.push((await failing("otto")).ms);
    times.nobody.push((await failing(`nobody${round}`)).ms);
  }
  const middle = (all: readonly number[]): string => all.toSorted((a, b) => a - b)[1]!.toFixed(0);
  console.log(
    `a failed login takes: local ${middle(times.local)}, of the directory ${middle(times.there)}, unknown ${middle(times.nobody)} ms`,
  );
  expect(local.answer).toMatchObject({ code: "DW_UNAUTHENTICATED" });
  // the reader binds, searches, and a password is judged
  expect(nobody.sent).toHaveLength(3);
  for (const one of [local, withoutPassword, there]) {
    expect(one.answer).toEqual(nobody.answer);
    expect(one.connections).toBe(nobody.connections);
    expect(one.sent).toHaveLength(nobody.sent.length);
  }
  // a password of here goes nowhere else
  expect(await login.check({ login: "mara", password: PASSWORD }, "elsewhere")).toMatchObject({ login: "mara" });
});

test("[SV314] a password of an account of here is never sent to a directory", async () => {
  const heard: Buffer[] = [];
  proxy.on("connection", (socket) => socket.on("data", (bytes: Buffer) => heard.push(bytes)));
  await failing("ida");
  expect(heard.length).toBeGreaterThan(0);
  expect(Buffer.concat(heard).toString("latin1")).not.toMatch(/not the password|ida/);
});

test("[SV314] while a directory is away every login that fails is answered alike, and who has an account here comes in", async () => {
  await slapd.halt();
  const [local, nobody] = [await failing("ida"), await failing("nobody9")];
  expect(local.answer).toEqual(nobody.answer);
  expect(nobody.answer).toMatchObject({ code: "DW_UNAVAILABLE" });
  expect(await login.check({ login: "mara", password: PASSWORD }, "elsewhere")).toMatchObject({ login: "mara" });
});
