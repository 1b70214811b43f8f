import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSlapd, type SlapdServer } from "../../../../scripts/slapd-server.ts";
import { ownCertificate } from "../tls/own-certificate.ts";
import { LdapDirectory } from "./ldap-directory.ts";
import { filterValue, firstValue, nameValue } from "./ldap-text.ts";
import { providerOf, type LdapConfig } from "./provider-config.ts";
import { rolesOfGroups } from "./roles-of-groups.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-ldap-"));
const PASSWORD = "Grüne Pumpen (sieben)*";
let directory: SlapdServer;
let authority: string;

const person = (uid: string, cn: string, more = ""): string =>
  `dn: cn=${cn},ou=people,dc=plant,dc=example\nobjectClass: inetOrgPerson\ncn: ${cn.replace("\\", "")}\nsn: x\nuid: ${uid}\nuserPassword: ${PASSWORD}\n${more}\n`;
const group = (cn: string, member: string): string =>
  `dn: cn=${cn},ou=groups,dc=plant,dc=example\nobjectClass: groupOfNames\ncn: ${cn}\nmember: ${member},dc=plant,dc=example\n\n`;
const unit = (ou: string): string => `dn: ou=${ou},dc=plant,dc=example\nobjectClass: organizationalUnit\nou: ${ou}\n\n`;

beforeAll(async () => {
  const made = await ownCertificate(root, ["localhost", "127.0.0.1"]);
  ({ authority } = made);
  const entries = [
    ...["people", "groups"].map(unit),
    person("mara", "Mara Lindqvist", "memberOf: cn=Line Crew,ou=groups,dc=plant,dc=example\n"),
    person("otto", "Otto Meyer"),
    person("otto", "Otto Meyer the younger"),
    person("otto", "Otto Meyer the third"),
    person("ida", "Ida One"),
    person("ida", "Ida Two"),
    person("o(t*to\\", "Strange"),
    person("müller", "Jo Meyer\\, Plant 2"),
    group("Line Crew", "cn=Mara Lindqvist,ou=people"),
    group("Production", "cn=Line Crew,ou=groups"),
    group("Company", "cn=Production,ou=groups"),
    group("Meyers", "cn=Jo Meyer\\, Plant 2,ou=people"),
    // a circle
    group("Circle", "cn=Company,ou=groups"),
    `dn: cn=Circle Two,ou=groups,dc=plant,dc=example\nobjectClass: groupOfNames\ncn: Circle Two\nmember: cn=Circle,ou=groups,dc=plant,dc=example\nmember: cn=Circle Two,ou=groups,dc=plant,dc=example\n\n`,
  ];
  directory = await startSlapd(entries.join(""), join(root, "server.pem"), join(root, "server.key"));
});
afterAll(async () => {
  await directory?.stop();
  rmSync(root, { recursive: true, force: true });
});

const configOf = (more: Readonly<Record<string, unknown>> = {}): LdapConfig =>
  providerOf({
    kind: "ldap",
    id: "directory",
    name: "Directory",
    url: directory.secureUrl,
    authority,
    bindDn: directory.bindDn,
    bindPassword: directory.bindPassword,
    base: `ou=people,${directory.base}`,
    filter: "(&(objectClass=inetOrgPerson)(uid={login}))",
    groupBase: `ou=groups,${directory.base}`,
    roles: { operator: ["line crew"], engineer: [`CN=Company, ou=groups,${directory.base}`] },
    ...more,
  }) as LdapConfig;
const check = (login: string, password: string, more = {}) => new LdapDirectory(configOf(more), () => Date.now()).check(login, password);

test("[SV223] a directory finds the person and judges the password; the id stays when the person is renamed", async () => {
  const mara = await check("mara", PASSWORD);
  expect(mara).toMatchObject({
    issuer: "ldap:ou=people,dc=plant,dc=example",
    subject: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/) as string,
    login: "mara",
    name: "Mara Lindqvist",
    groups: [`cn=Line Crew,ou=groups,${directory.base}`, "Line Crew"],
  });
  expect(rolesOfGroups(configOf(), mara!.groups)).toEqual(["operator"]);
  expect(await check("müller", PASSWORD)).toMatchObject({
    name: "Jo Meyer, Plant 2",
    groups: [`cn=Meyers,ou=groups,${directory.base}`, "Meyers"],
  });
  expect(await check("o(t*to\\", PASSWORD)).toMatchObject({ name: "Strange" });
  for (const wrong of ["", " ", PASSWORD.toLowerCase(), `${PASSWORD} `, "\0"]) expect(await check("mara", wrong), wrong).toBeUndefined();
  // several have that login
  for (const several of ["otto", "ida"]) expect(await check(several, PASSWORD)).toBeUndefined();
  expect((await check("mara", PASSWORD, { groupBase: undefined }))!.groups).toEqual(mara!.groups);
  expect((await check("müller", PASSWORD, { groupBase: undefined }))!.groups).toEqual([]);
});

test("[SV223] nothing that is typed is a part of the filter or of a name; an empty password is none, although the directory takes it", async () => {
  const typed = [
    "*",
    "m*",
    "mara)(uid=*",
    "*)(objectClass=*",
    "mara)(|(uid=*",
    "mara\0",
    "\\6d\\61\\72\\61",
    "mara))(&(uid=*",
    "Mara Lindqvist,ou=people",
    "",
    "x".repeat(201),
  ];
  const bindsItself = { bindDn: undefined, bindPassword: undefined, personDn: "cn={login},ou=people,dc=plant,dc=example" };
  for (const login of typed)
    for (const more of [{}, bindsItself]) expect(await check(login, PASSWORD, more), `${login} ${JSON.stringify(more)}`).toBeUndefined();
  for (const more of [{}, { ...bindsItself, filter: "(cn={login})" }]) expect(await check("mara", "", more)).toBeUndefined();
  expect(await check("Mara Lindqvist", PASSWORD, { ...bindsItself, filter: "(cn={login})" })).toMatchObject({ login: "mara" });
  // whoever binds as one is not taken for another whom the filter finds
  expect(await check("Mara Lindqvist", PASSWORD, { ...bindsItself, filter: "(|(cn={login}x)(uid=nobody))" })).toBeUndefined();
  expect(filterValue("a*(ü")).toBe("a\\2a\\28ü");
  expect(nameValue(`a,b="c"`)).toBe("a\\2cb\\3d\\22c\\22");
  expect(firstValue("CN=Meyer\\, Jo+UID=7,OU=x")).toBe("Meyer, Jo");
});

test("[SV223] groups of groups count where that is set, in a circle too", async () => {
  const names = async (more: object) => (await check("mara", PASSWORD, more))!.groups.filter((name) => !name.includes("="));
  expect(await names({})).toEqual(["Line Crew"]);
  const all = await check("mara", PASSWORD, { nestedGroups: true });
  expect(all!.groups.filter((name) => !name.includes("="))).toEqual(["Line Crew", "Production", "Company", "Circle", "Circle Two"]);
  expect(rolesOfGroups(configOf(), all!.groups)).toEqual(["operator", "engineer"]);
});

test("[SV224] passwords go over TLS to a directory with the right certificate, or nowhere", async () => {
  expect(await check("mara", PASSWORD, { url: directory.url, startTls: true })).toMatchObject({ login: "mara" });
  for (const more of [
    { authority: undefined },
    { authority: undefined, url: directory.url, startTls: true },
    { authority: (await ownCertificate(join(root, "other"), ["localhost"])).authority },
    // the certificate names localhost and 127.0.0.1
    { url: directory.secureUrl.replace("127.0.0.1", "127.0.0.2") },
  ])
    await expect(check("mara", PASSWORD, more)).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
  for (const more of [
    { url: "ldap://directory.example" },
    { url: "http://127.0.0.1" },
    { bindDn: undefined },
    { bindPassword: undefined },
    { personDn: "cn={login}" },
    { filter: "(uid=mara)" },
    { groupFilter: "(member=*)" },
  ])
    expect(() => configOf(more), JSON.stringify(more)).toThrow(expect.objectContaining({ code: "DW_INVALID" }) as Error);
  configOf({ url: "ldap://directory.example", startTls: true });
});

test("[SV224] a directory that refuses StartTLS, closes in between or says nothing gets no password", async () => {
  const heard: Buffer[] = [];
  const fake = await listening((socket) => {
    socket.on("data", (bytes) => {
      heard.push(Buffer.from(bytes));
      // extended response, protocol error
      socket.write(Buffer.from("300c02010178070a010204000400", "hex"));
    });
  });
  const { port } = fake.address() as AddressInfo;
  await expect(check("mara", PASSWORD, { url: `ldap://127.0.0.1:${port}`, startTls: true })).rejects.toMatchObject({
    code: "DW_UNAVAILABLE",
  });
  fake.close();
  expect(heard.length).toBe(1);
  expect(Buffer.concat(heard).toString("latin1")).not.toContain(directory.bindPassword);
  let connections = 0;
  const closing = await listening((socket) => {
    connections++;
    socket.once("data", () => socket.destroy());
  });
  const silent = await listening(() => {});
  for (const server of [closing, silent]) {
    const url = `ldap://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(check("mara", PASSWORD, { url })).rejects.toMatchObject({ code: "DW_UNAVAILABLE", details: { away: true } });
    server.close();
  }
  expect(connections).toBe(1);
});

test("[SV224] a directory that is away is told of with the reason, and answers again once it is back", async () => {
  const broken = new LdapDirectory(configOf({ bindPassword: "another" }), () => Date.now());
  await expect(broken.probe()).rejects.toThrow(/does not answer: .*bindDn/);
  await expect(check("mara", PASSWORD, { idAttribute: "employeeNumber" })).rejects.toThrow(/employeeNumber/);
  let now = Date.now();
  const known = new LdapDirectory(configOf(), () => now);
  expect(await known.answers()).toBe(true);
  await directory.halt();
  await expect(known.check("mara", PASSWORD)).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
  expect(await known.answers()).toBe(true);
  now += 11_000;
  expect(await known.answers()).toBe(false);
  await directory.start();
  expect(await known.check("mara", PASSWORD)).toMatchObject({ login: "mara" });
});

async function listening(connected: (socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    connected(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
