import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSiteApp, SYSTEM } from "@doppelwerk/server/site";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  API,
  asSeenBy,
  callAs,
  gate,
  leaks,
  openAttackedPlant,
  people,
  PUSHER,
  type Answer,
  type AttackedPlant,
  type Call,
  type Person,
} from "./attack-plant.fixture.ts";
import { operationsOf, placesOf, requestOf, type Operation, type Request } from "./attack-operations.fixture.ts";
import { hostileBodies, hostileTexts, hostileValues, randomOf, resolved, type Schemas } from "./attack-values.fixture.ts";

// Every operation of the product is called by everybody with what is his, what is others' and what is not there. It grows with every contract: an
// operation that does not say who may do it, or what a field leads to, fails here.

/** Another one with every commit; the title of the test names it, and DOPPELWERK_ATTACK_SEED sets it again. */
const seed =
  Number(process.env["DOPPELWERK_ATTACK_SEED"] ?? spawnSync("git", ["rev-list", "--count", "HEAD"], { encoding: "utf8" }).stdout) || 1;
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-attack-"));
const data = join(folder, "data");
let plant: AttackedPlant;
let operations: readonly Operation[];
let schemas: Schemas;
const calls = new Map<string, Call>();
const callOf = (person: Person): Call => calls.get(person.id)!;

beforeAll(async () => {
  plant = await openAttackedPlant(data);
  for (const person of people) calls.set(person.id, callAs(await createSiteApp(asSeenBy(plant.site, person))));
  const document = await callOf(people.at(-1)!)("GET", "/openapi.json");
  ({ operations, schemas } = operationsOf(document.json));
});
afterAll(async () => {
  for (const call of calls.values()) await call.close();
  await plant?.site.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The server's own notes, which it writes when it gets to it. */
const written = new Set(["changes.checkpoint.json", "events.known.json", "alarm-rules.json"]);

/** What would tell of a write: the files that are written once something was decided, and the newest entry of the log. */
function fingerprint(): string {
  const files = readdirSync(data).filter((name) => /\.jsonl?$/.test(name) && !written.has(name));
  const sizes = files.map((name) => `${name} ${statSync(join(data, name)).size} ${statSync(join(data, name)).mtimeMs}`);
  return [plant.site.view(SYSTEM).revision(), ...sizes.sort()].join("\n");
}

/** Lines of a fingerprint that the one before has not. */
const addedTo = (before: string, after: string): readonly string[] =>
  after.split("\n").filter((line) => !before.split("\n").includes(line));

const isDenied = (person: Person, { action, isOpenToGuests }: Operation, { branch }: Request): boolean =>
  action !== undefined &&
  action !== "anyone" &&
  ((person.scope !== undefined && !isOpenToGuests) || !gate.decide(person, action, branch).allowed);
/** The server writes by itself too, signals that it concludes for one: only what the person wrote counts. */
async function isWrittenBy({ id }: Person, before: string, after: string): Promise<boolean> {
  const [[from, ...files], [to, ...others]] = [before.split("\n"), after.split("\n")];
  if (files.join() !== others.join()) return true;
  const log = (await callOf(people.at(-1)!)("GET", `${API}/log?limit=200`)).json as readonly {
    readonly revision: number;
    readonly actor: string;
  }[];
  return log.some(({ revision, actor }) => revision > Number(from) && revision <= Number(to) && actor === id);
}
/** Operations without a contract parse before they ask who it is; each loses this with its move. */
const refusals = ({ isDescribed }: Operation): readonly number[] => (isDescribed ? [403, 404] : [400, 403, 404, 409]);
const send = (person: Person, { method, url, body }: Request): Promise<Answer> => callOf(person)(method, url, body);

test("[AT1] every operation says who may do it, and what each of its fields leads to", () => {
  expect(operations.length).toBeGreaterThan(100);
  expect(operations.filter(({ action }) => action === undefined).map(({ name }) => name)).toEqual([]);
  expect(operations.flatMap((operation) => placesOf(plant, operation, schemas).undeclared)).toEqual([]);
});

test("[AT2] who may not do it gets 403 and changes nothing; who may is not refused for that; nobody reads a secret; nothing fails inside", async () => {
  const wrong: string[] = [];
  for (const person of people)
    for (const operation of operations) {
      if (operation.isStream) continue;
      const request = requestOf(plant, operation, schemas);
      const before = fingerprint();
      const answer = await send(person, request);
      const what = `${person.name}: ${operation.name} → ${answer.status} ${answer.text.slice(0, 160)}`;
      const after = fingerprint();
      const denied = isDenied(person, operation, request);
      // one without a contract may find that nothing is to be written
      const isQuiet = !operation.isDescribed && after === before && answer.status < 400 && operation.method !== "GET";
      if (denied && !isQuiet && !refusals(operation).includes(answer.status)) wrong.push(`may not: ${what}`);
      if (!denied && answer.status === 403 && !operation.errors.includes("DW_FORBIDDEN")) wrong.push(`may: ${what}`);
      if (answer.status >= 500) wrong.push(`fails: ${what}`);
      if (answer.status >= 400 && after !== before && (await isWrittenBy(person, before, after)))
        wrong.push(`changes something (${addedTo(before, after).join(", ")}): ${what}`);
      for (const leak of leaks(person, answer.octets, answer.headers))
        wrong.push(
          `tells ${leak}: ${what} ${answer.octets
            .toString("latin1")
            .replace(/[^\x20-\x7e]+/g, " ")
            .slice(-1500)}`,
        );
    }
  expect(wrong).toEqual([]);
});

/** Without what the asker wrote himself, and without what differs from call to call. */
function shape({ status, text }: Answer, asked: string): string {
  const plain = text.replaceAll(asked, "ID").replaceAll(JSON.stringify(asked).slice(1, -1), "ID").replaceAll(decoded(asked), "ID");
  return `${status} ${plain.replace(/req-\w+|"(now|instant|since)":\d+/g, "")}`;
}

function decoded(id: string): string {
  return Buffer.from(id, "base64url").toString();
}

test("[AT3] [CM11] what is there and not one's own is answered like what is not there, by every operation, in every field", async () => {
  const wrong: string[] = [];
  let compared = 0;
  for (const person of people) {
    if (person.secrets.length === 0) continue;
    for (const operation of operations) {
      if (operation.isStream) continue;
      for (const place of placesOf(plant, operation, schemas).places) {
        if (place.objects === undefined || (place.ofBranch && person.name !== "oneBranch")) continue;
        const [foreign, missing] = (["foreign", "missing"] as const).map((which) => requestOf(plant, operation, schemas, place, which));
        const [one, other] = [await send(person, foreign!), await send(person, missing!)];
        compared++;
        const [got, expected] = [shape(one, place.objects.foreign), shape(other, place.objects.missing)];
        if (got !== expected)
          wrong.push(`${person.name}: ${operation.name}, ${place.name}: ${got.slice(0, 200)} ≠ ${expected.slice(0, 200)}`);
        // what was asked for may be named in the answer
        for (const leak of leaks(person, one.octets, one.headers))
          wrong.push(`${person.name}: ${operation.name}, ${place.name} tells ${leak}: ${one.text.slice(0, 300)}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(compared).toBeGreaterThan(200);
});

test(`[AT4] values that no field takes are refused, and nothing fails inside (seed ${seed})`, async () => {
  const random = randomOf(seed);
  const some = <T>(all: readonly T[], count: number): readonly T[] =>
    Array.from({ length: count }, () => all[Math.floor(random() * all.length)]!);
  const wrong: string[] = [];
  let sent = 0;
  const attack = async (person: Person, request: Request, what: string): Promise<void> => {
    const answer = await send(person, request);
    sent++;
    if (answer.status >= 500)
      wrong.push(`${person.name}: ${what}: ${request.url.slice(0, 200)} → ${answer.status} ${answer.text.slice(0, 200)}`);
    for (const leak of leaks(person, answer.octets, answer.headers)) wrong.push(`${person.name}: ${what} tells ${leak}`);
  };
  const asking = people.filter(({ name }) => name === "viewer" || name === "administrator");
  for (const person of asking)
    for (const operation of operations) {
      if (operation.isStream) continue;
      const request = requestOf(plant, operation, schemas);
      for (const { name, in: where } of operation.parameters)
        for (const text of some(hostileTexts, 3)) {
          const [path, query = ""] = request.url.split("?") as [string, string?];
          const at = operation.path.split("/").indexOf(`:${name}`);
          const url =
            where === "path"
              ? `${API}${path.slice(API.length).split("/").with(at, text).join("/")}?${query}`
              : `${path}?${query
                  .split("&")
                  .filter((pair) => !pair.startsWith(`${name}=`))
                  .join("&")}&${name}=${text}`;
          await attack(person, { ...request, url }, `${operation.name} ${name}`);
        }
      if (operation.method === "GET") continue;
      for (const text of some(hostileBodies, 3)) await attack(person, { ...request, body: text }, `${operation.name} body`);
      for (const name of Object.keys(resolved(operation.body, schemas).properties ?? {}))
        for (const value of some(hostileValues, 3))
          await attack(person, { ...request, body: { ...(request.body as object), [name]: value } }, `${operation.name} ${name}`);
    }
  expect(wrong).toEqual([]);
  expect(sent).toBeGreaterThan(1_000);
  expect(Object.hasOwn(Object.prototype, "roles")).toBe(false);
});

test("[AT11] values of a machine are taken by its token alone, whoever brings them; without it nothing is taken", async () => {
  const administrator = callOf(people.at(-1)!);
  const connections = (await administrator("GET", `${API}/connections`)).json as readonly {
    readonly id: string;
    readonly protocol: string;
  }[];
  const { id } = connections.find(({ protocol }) => protocol === "push")!;
  const push = (person: Person, token?: string) =>
    callOf(person)(
      "POST",
      `${API}/connections/${id}/samples`,
      { values: [{ address: "good", value: 7 }] },
      token === undefined ? {} : { authorization: token },
    );
  const wrong = [
    undefined,
    "",
    "Bearer",
    "Bearer ",
    "Bearer wrong",
    `Basic ${PUSHER.token}`,
    PUSHER.token,
    `Bearer ${PUSHER.token} `,
    `bearer  ${PUSHER.token}x`,
  ];
  for (const person of people)
    for (const token of wrong) {
      const answer = await push(person, token);
      expect([403, 404], `${person.name} with ${token}: ${answer.status}`).toContain(answer.status);
      expect(answer.text).not.toContain(PUSHER.token);
    }
  const signals = (await administrator("GET", `${API}/connections/${id}/signals`)).json as {
    readonly signals: readonly { readonly now?: object }[];
  };
  expect(signals.signals.map(({ now }) => now)).toEqual([undefined]);
  expect((await push(people.at(-1)!, `Bearer ${PUSHER.token}`)).status).toBe(202);
});
