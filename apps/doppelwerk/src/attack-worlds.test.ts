import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { at, bodyText, placesIn, wholeOf, withAt, type Path } from "./attack-bodies.fixture.ts";
import { namesSomething, objectsAt, operationsOf, requestOf, type Operation, type Request } from "./attack-operations.fixture.ts";
import { bothWorldsAs, NO_WORLD, openOtherWorld, OTHER_SECRETS, OTHER_WORLD, type OtherWorld } from "./attack-other-world.fixture.ts";
import * as attacked from "./attack-plant.fixture.ts";
import {
  callAs,
  leaks,
  openAttackedPlant,
  people,
  type Answer,
  type AttackedPlant,
  type Call,
  type Person,
  type Three,
} from "./attack-plant.fixture.ts";
import { randomOf, type Schemas } from "./attack-values.fixture.ts";

// Everybody, and every text of every body, as declared where it leads to something: with what is hidden, what is of another world, and what is not there. It grows with
// every contract.

const seed =
  Number(process.env["DOPPELWERK_ATTACK_SEED"] ?? spawnSync("git", ["rev-list", "--count", "HEAD"], { encoding: "utf8" }).stdout) || 1;
const AMPLE_MS = 900_000;
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-attack-worlds-"));
const [data, otherData] = [join(folder, "data"), join(folder, "others")];
let plant: AttackedPlant;
let other: OtherWorld;
let operations: readonly Operation[];
let all: readonly Operation[];
let schemas: Schemas;
const calls = new Map<string, Call>();
const callOf = (person: Person): Call => calls.get(person.id)!;

beforeAll(async () => {
  plant = await openAttackedPlant(data);
  other = await openOtherWorld(otherData);
  for (const person of people) calls.set(person.id, callAs(await bothWorldsAs(plant.site, other.site, person)));
  const document = await callOf(people.at(-1)!)("GET", "/openapi.json");
  ({ operations: all, schemas } = operationsOf(document.json));
  operations = all.filter(({ body, isStream, takesOctets }) => body !== undefined && !isStream && !takesOctets);
}, AMPLE_MS);
afterAll(async () => {
  for (const call of calls.values()) await call.close();
  await other?.site.close();
  await plant?.site.close();
  rmSync(folder, { recursive: true, force: true });
});

const random = randomOf(seed);
const choose = (count: number): number => Math.floor(random() * count);
const send = (person: Person, { method, url, body }: Request): Promise<Answer> => callOf(person)(method, url, bodyText(body));

/** Journals and log of the other world. */
async function otherState(): Promise<string> {
  const journals = readdirSync(otherData).filter((name) => name.endsWith(".jsonl") && !name.startsWith("clock"));
  return [await other.state(), ...journals.map((name) => `${name} ${statSync(join(otherData, name)).size}`)].join("\n");
}

/** What ids of all kinds are called in the world of the attack and in the other one. */
const kinds = (): readonly (Three & { readonly otherWorld: string })[] => [
  { ...attacked.SIGNAL, otherWorld: other.ids.signal },
  { ...attacked.SHELL, otherWorld: other.ids.shell },
  { ...attacked.SUBMODEL, otherWorld: other.ids.submodel },
  { ...attacked.CONNECTION, otherWorld: other.ids.connection },
  { ...attacked.RULE_RECORD, otherWorld: other.ids.rule },
  { ...attacked.NOTE, otherWorld: other.ids.note },
  { ...plant.element, otherWorld: other.ids.element },
  { ...plant.place, otherWorld: other.ids.place },
];

/** What a field leads to: as it was declared; else anything, for every text may be taken for an id. */
function objectsOf(operation: Operation, path: Path): Three & { readonly otherWorld: string } {
  const name = String(path.findLast((part) => typeof part === "string"));
  const { objects, ofBranch } = (namesSomething(name) ? objectsAt(plant, operation, name) : undefined) ?? {};
  if (ofBranch === true && objects !== undefined) return { ...objects, otherWorld: other.ids.branch };
  return kinds().find(({ own }) => own === objects?.own) ?? kinds()[choose(kinds().length)]!;
}

function whole(operation: Operation): Request {
  const request = requestOf(plant, operation, schemas);
  const fixed = request.body as Readonly<Record<string, unknown>> | undefined;
  return { ...request, body: wholeOf(operation.body, schemas, { choose, known: (name) => fixed?.[name] }) };
}

/** Which fields there are, of which types: figures and times differ from call to call. */
function structureOf(value: unknown): unknown {
  if (Array.isArray(value)) return [...new Set(value.map((part) => JSON.stringify(structureOf(part))))].toSorted();
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, structureOf(part)]));
}

/** A refusal without what the asker wrote himself; of what was done, its structure. */
function shape({ status, text, json }: Answer, asked: string): string {
  if (status < 300) return `${status} ${JSON.stringify(structureOf(json))}`;
  return `${status} ${text
    .replaceAll(asked, "ID")
    .replaceAll(JSON.stringify(asked).slice(1, -1), "ID")
    .replaceAll(nowhere(asked), "ID")
    .replaceAll(/req-\w+|[0-9a-f]{8}-[0-9a-f-]{27}/g, "")}`;
}

/** What is nowhere, of the same kind and length. */
const nowhere = (id: string): string => `${id.slice(0, -3)}zzz`;

const isHidden = (person: Person): boolean => person.secrets.length > 0;
const ofOthers = (person: Person): Person => ({ ...person, secrets: [...person.secrets, ...Object.values(OTHER_SECRETS)] });

test(
  `[AT15] by everybody, in every text of every body, what is hidden, of another world or nowhere is answered alike, and the other world stays as it was (seed ${seed})`,
  async () => {
    const wrong: string[] = [];
    const stateBefore = await otherState();
    let [compared, fields] = [0, 0];
    for (const person of people)
      for (const operation of operations) {
        const request = whole(operation);
        for (const path of placesIn(request.body).filter((place) => typeof at(request.body, place) === "string")) {
          const { foreign, otherWorld } = objectsOf(operation, path);
          const asked = async (id: string): Promise<readonly [string, Answer]> => {
            const answer = await send(person, { ...request, body: withAt(request.body, path, id) });
            return [shape(answer, id), answer];
          };
          fields++;
          // an administrator may read what is hidden from others, and branches are kept from one person alone
          const isBranch = foreign === plant.branch.foreign || foreign === plant.run.foreign;
          const withForeign = isBranch ? person.name === "oneBranch" : isHidden(person);
          for (const id of withForeign ? [otherWorld, foreign] : [otherWorld]) {
            const twin = nowhere(id);
            const [before] = await asked(twin);
            const [got, answer] = await asked(id);
            compared++;
            // what was asked may have been done, and be known the next time
            const expected = got === before ? before : (await asked(twin))[0];
            const what = `${person.name}: ${operation.name}, ${path.join(".")} = ${id}`;
            if (got !== expected) wrong.push(`${what}: ${got.slice(0, 300)} ≠ ${expected.slice(0, 300)}`);
            for (const leak of leaks(ofOthers(person), answer.octets, answer.headers))
              if (leak !== id) wrong.push(`${what} tells ${leak}: ${answer.text.slice(0, 300)}`);
          }
        }
      }
    console.log(`${fields} fields, ${compared} pairs, ${people.length} people, seed ${seed}`);
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(1_000);
    expect(await otherState()).toBe(stateBefore);
  },
  AMPLE_MS,
);

test(
  "[AT16] everybody, by every operation: a world that he may not enter is answered like one that is not there, whatever the body, and stays as it was",
  async () => {
    const wrong: string[] = [];
    const stateBefore = await otherState();
    let compared = 0;
    for (const person of people)
      for (const operation of all) {
        // what is of the server has no world in its address
        if (operation.isStream || operation.path.startsWith("/worlds")) continue;
        const request = operation.takesOctets || operation.body === undefined ? requestOf(plant, operation, schemas) : whole(operation);
        const of = (world: string): Request => ({
          ...request,
          url: request.url.replace(attacked.API, `${attacked.API}/worlds/${world}`),
        });
        const bodied = (one: Request): Promise<Answer> =>
          operation.takesOctets ? callOf(person)(one.method, one.url, one.body) : send(person, one);
        const [got, expected] = [await bodied(of(OTHER_WORLD)), await bodied(of(NO_WORLD))];
        compared++;
        const [first, second] = [shape(got, OTHER_WORLD), shape(expected, NO_WORLD)];
        const what = `${person.name}: ${operation.name}`;
        if (first !== second) wrong.push(`${what}: ${first.slice(0, 300)} ≠ ${second.slice(0, 300)}`);
        if (got.status < 400 && !/html/.test(String(got.headers["content-type"])))
          wrong.push(`${what} is let in: ${got.status} ${got.text.slice(0, 200)}`);
        for (const leak of leaks(ofOthers(person), got.octets, got.headers)) wrong.push(`${what} tells ${leak}`);
      }
    console.log(`${compared} operations of ${people.length} people`);
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(1_000);
    expect(await otherState()).toBe(stateBefore);
  },
  AMPLE_MS,
);
