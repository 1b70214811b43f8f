import { randomBytes } from "node:crypto";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import type { Client, Entry, SearchOptions } from "ldapts";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, reasonOf } from "@doppelwerk/world";
import { InTurns } from "../accounts/in-turns.ts";
import { ASKING_MS } from "./guarded-fetch.ts";
import { filled, filterValue, firstValue, nameValue } from "./ldap-text.ts";
import type { OutsidePerson } from "./outside-person.ts";
import type { LdapConfig } from "./provider-config.ts";

/** For a login with all its questions. */
const WHOLE_MS = 15_000;
const AT_ONCE = 8;
const WAITING_MAX = 50;
const PROBE_MS = 10_000;
const MAX_GROUPS = 1_000;
const MAX_NESTED = 10;

/** A directory that is asked by LDAP: it finds the person, and judges the password by a bind (RFC 4511, 4.2; RFC 4513). */
export class LdapDirectory {
  readonly config: LdapConfig;
  readonly #now: () => number;
  readonly #turns = new InTurns(AT_ONCE, WAITING_MAX);
  #probe: { readonly answers: Promise<boolean>; readonly at: number } | undefined;

  constructor(config: LdapConfig, now: () => number) {
    this.config = config;
    this.#now = now;
  }

  /** Whose login and password they are; undefined where they do not fit. Errors: DW_UNAVAILABLE, DW_TOO_OFTEN. */
  async check(login: string, password: string): Promise<OutsidePerson | undefined> {
    // a bind without a password is anonymous, and succeeds (RFC 4513, 5.1.2)
    if (login === "" || password === "" || login.length > 200) return undefined;
    return this.#connected((client) => this.#person(client, login, password));
  }

  /** What `check` asks for somebody who is not there. Errors: as of `check`. */
  async checkNobody(): Promise<void> {
    await this.check(randomName(), randomName());
  }

  /** Whether the directory answers now, asked at most every ten seconds. */
  answers(): Promise<boolean> {
    const now = this.#now();
    if (this.#probe === undefined || now - this.#probe.at >= PROBE_MS)
      this.#probe = {
        at: now,
        answers: this.probe().then(
          () => true,
          () => false,
        ),
      };
    return this.#probe.answers;
  }

  /** Connects, and searches where an account for that is given. Errors: DW_UNAVAILABLE with the reason. */
  async probe(): Promise<void> {
    const { bindDn, base } = this.config;
    await this.#connected(async (client) => {
      if (bindDn === undefined) return;
      await this.#bindAsReader(client);
      await client.search(base, { scope: "base", attributes: ["1.1"], sizeLimit: 1 });
    });
  }

  async #person(client: Client, login: string, password: string): Promise<OutsidePerson | undefined> {
    const { bindDn, personDn, base, filter, idAttribute, loginAttribute, nameAttribute } = this.config;
    if (bindDn !== undefined) await this.#bindAsReader(client);
    else if (!(await isPasswordOf(client, nameOf(personDn!, login), password))) return undefined;
    const searchEntries = await fewOf(client, base, {
      filter: filled(filter, "login", filterValue(login)),
      attributes: [idAttribute, loginAttribute, nameAttribute, "memberOf"],
      explicitBufferAttributes: [idAttribute],
      sizeLimit: 2,
      timeLimit: ASKING_MS / 1_000,
    });
    const found = searchEntries[0];
    // of two nobody can say which one it is
    if (found === undefined || searchEntries.length > 1) {
      // nobody is asked for a password as well: the time of an answer does not tell who is there
      await isPasswordOf(client, `cn=${randomName()},${base}`, randomName());
      return undefined;
    }
    // the person that was found, and not only a name that was typed, has the password
    if (!(await isPasswordOf(client, found.dn, password))) return undefined;
    if (bindDn !== undefined) await this.#bindAsReader(client);
    const groups = await this.#groups(client, found);
    const subject = idOf(valuesOf(found, idAttribute)[0]);
    if (subject === undefined)
      throw new DoppelwerkError("DW_UNAVAILABLE", message("server.directoryWithoutId", { attribute: idAttribute }));
    return {
      issuer: `ldap:${base.toLowerCase()}`,
      subject,
      login: textsOf(found, loginAttribute)[0] ?? login,
      name: textsOf(found, nameAttribute)[0],
      groups: groups.flatMap((dn) => [dn, firstValue(dn)]),
    };
  }

  /** Errors: DW_UNAVAILABLE. */
  async #bindAsReader(client: Client): Promise<void> {
    const { bindDn, bindPassword } = this.config;
    if (!(await isPasswordOf(client, bindDn!, bindPassword!)))
      throw new DoppelwerkError("DW_UNAVAILABLE", message("server.directoryBindRefused", { name: this.config.name, bindDn: bindDn! }));
  }

  /** Names of the groups of a person. */
  async #groups(client: Client, person: Entry): Promise<readonly string[]> {
    const { groupBase, groupFilter, nestedGroups } = this.config;
    const found = new Set<string>();
    if (groupBase === undefined) return textsOf(person, "memberOf").slice(0, MAX_GROUPS);
    let members: readonly string[] = [person.dn];
    for (let depth = 0; members.length > 0 && depth < (nestedGroups ? MAX_NESTED : 1); depth++) {
      const next: string[] = [];
      for (const dn of members) {
        const options = {
          scope: "sub" as const,
          attributes: ["1.1"],
          filter: filled(groupFilter, "dn", filterValue(dn)),
          sizeLimit: MAX_GROUPS,
        };
        const { searchEntries } = await client.search(groupBase, options);
        for (const group of searchEntries) {
          // groups may be members of one another
          if (found.has(group.dn) || found.size >= MAX_GROUPS) continue;
          found.add(group.dn);
          next.push(group.dn);
        }
      }
      members = next;
    }
    return [...found];
  }

  async #connected<T>(work: (client: Client) => Promise<T>): Promise<T> {
    return this.#turns.run(async () => {
      const sockets: Socket[] = [];
      const timer = setTimeout(() => sockets.forEach((socket) => socket.destroy(new Error("the directory takes too long"))), WHOLE_MS);
      try {
        return await work(await this.#open(sockets));
      } catch (error) {
        if (error instanceof DoppelwerkError) throw error;
        throw new DoppelwerkError("DW_UNAVAILABLE", message("server.providerAway", { name: this.config.name, reason: reasonOf(error) }), {
          away: true,
        });
      } finally {
        clearTimeout(timer);
        for (const socket of sockets) socket.destroy();
      }
    });
  }

  /** A client of one connection: it connects again by itself, and would send the next password without TLS. */
  async #open(sockets: Socket[]): Promise<Client> {
    const { url, startTls } = this.config;
    const ldap = await import("ldapts");
    const once = <S extends Socket>(open: () => S): S => {
      if (sockets.length > 0) throw new Error("the directory closed the connection");
      const socket = open();
      sockets.push(socket);
      return socket;
    };
    const { hostname } = new URL(url.replace(/^ldap/, "http"));
    const host = hostname.replace(/^\[|\]$/g, "");
    const secure = this.#tls(host);
    if (url.startsWith("ldaps:"))
      return new ldap.Client({
        url,
        timeout: ASKING_MS,
        connectTimeout: ASKING_MS,
        tlsOptions: secure,
        createSecureConnection: ((port: number, name: string, options: ConnectionOptions) =>
          once(() => connectTls(port, name, options))) as typeof connectTls,
      });
    const client = new ldap.Client({
      url,
      timeout: ASKING_MS,
      connectTimeout: ASKING_MS,
      createConnection: ((port: number, name: string) => once(() => connect(port, name))) as typeof connect,
    });
    if (startTls) await client.startTLS(secure);
    return client;
  }

  /** The certificate is held to the name that was configured, also after StartTLS. */
  #tls(host: string): ConnectionOptions {
    const { authority } = this.config;
    return {
      host,
      minVersion: "TLSv1.2",
      ...(isIP(host) === 0 && { servername: host }),
      ...(authority !== undefined && { ca: authority }),
    };
  }
}

/** What is found, and more than a few as nothing. */
async function fewOf(client: Client, base: string, options: SearchOptions): Promise<readonly Entry[]> {
  const { SizeLimitExceededError } = await import("ldapts");
  try {
    return (await client.search(base, { ...options, scope: "sub" })).searchEntries;
  } catch (error) {
    if (error instanceof SizeLimitExceededError) return [];
    throw error;
  }
}

async function isPasswordOf(client: Client, dn: string, password: string): Promise<boolean> {
  const { InvalidCredentialsError, InvalidDNSyntaxError, NoSuchObjectError } = await import("ldapts");
  try {
    await client.bind(dn, password);
    return true;
  } catch (error) {
    if (error instanceof InvalidCredentialsError || error instanceof InvalidDNSyntaxError || error instanceof NoSuchObjectError)
      return false;
    throw error;
  }
}

/** That nobody has. */
const randomName = (): string => randomBytes(12).toString("hex");

/** A distinguished name is escaped; a name as `mara@corp.example` has nothing to escape it with, and no part that could be taken for another. */
function nameOf(template: string, login: string): string {
  return filled(template, "login", template.includes("=") ? nameValue(login) : login);
}

function valuesOf(entry: Entry, attribute: string): readonly (string | Buffer)[] {
  // names of attributes are the same whatever their capitals
  const name = Object.keys(entry).find((each) => each.toLowerCase() === attribute.toLowerCase());
  const value = name === undefined ? [] : entry[name]!;
  return Array.isArray(value) ? value : [value];
}

const textsOf = (entry: Entry, attribute: string): readonly string[] => valuesOf(entry, attribute).map(String);

/** Readable ids as they are, those of octets in hex. */
function idOf(value: string | Buffer | undefined): string | undefined {
  if (value === undefined || value.length === 0) return undefined;
  const text = value.toString("utf8");
  return /^[\x21-\x7e]+$/.test(text) && !(Buffer.isBuffer(value) && value.length === 16) ? text : Buffer.from(value).toString("hex");
}
