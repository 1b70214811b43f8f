import { parseAccessRules, readAccessRulesText } from "../packages/aas/src/access-rules/index.ts";
import type { Submodel } from "../packages/aas/src/index.ts";
import { PlaceRoles, Policy, type Asked, type AskerPlaces, type AskerPolicy, type PlaceAssignment } from "../packages/trust/src/index.ts";
import { reportMedian, type Report } from "./report.ts";

const RULES = 1_000;
const DECISIONS = 20_000;
const ASSIGNMENTS = 1_000;
const RUNS = 5;
const NOW = Date.UTC(2026, 10, 30, 12) * 1_000;

/** Rules as a plant with many partners has them: by id, by meaning, by element, by route, each for a role of its own or for a company. */
function rules(): string {
  return Array.from({ length: RULES }, (_, n) => {
    const [objects, formula] = [
      [`IDENTIFIABLE "(Submodel)urn:s:${n}"`, `CLAIM("role") $eq "role-${n % 20}"`],
      [`IDENTIFIABLE "(Submodel)*"`, `$and($sm#semanticId $eq "sem:${n}", CLAIM("role") $eq "role-${n % 20}")`],
      [`REFERABLE "(Submodel)urn:s:${n % 50}, (Property)P${n}"`, `$and(GLOBAL(UTCNOW) $ge "06:00", GLOBAL(UTCNOW) $lt "22:00")`],
      [`ROUTE "/shells/${n}/*"`, `$regex(CLAIM("email"), "^[a-z]+@company${n % 100}[.]com$")`],
      [`IDENTIFIABLE "(Submodel)*"`, `$and(CLAIM("role") $eq "role-${n % 20}", $starts-with($sm#id, "urn:t:${n}:"))`],
    ][n % 5]!;
    return `ACCESSRULE: ATTRIBUTES: CLAIM("role") RIGHTS: READ ACCESS: ALLOW OBJECTS: ${objects} FORMULA: ${formula}`;
  }).join("\n");
}

/** Time of one decision under a thousand access rules of AAS Part 4, one after the other; bar: p95 at most 50 µs. */
export async function bench(report: Report): Promise<void> {
  const read = readAccessRulesText(rules());
  if ("reason" in read) throw new Error(JSON.stringify(read));
  const parsed = parseAccessRules(read);
  if ("reason" in parsed) throw new Error(JSON.stringify(parsed));
  const policy = new Policy([parsed]);
  const asked = Array.from({ length: 1_000 }, (_, n) => askedOf(n));
  const [p50, p95, prepared, placed] = [[] as number[], [] as number[], [] as number[], [] as number[]];
  for (let run = 0; run <= RUNS; run++) {
    const begun = performance.now();
    const own = policy.for({ claims: { role: [`role-${run}`, "role-19"], email: "a@company3.com" } });
    own.decide("READ", asked[0]!, { now: NOW });
    const preparedMs = performance.now() - begun;
    const times = decide(own, asked);
    // the first warms up
    if (run === 0) continue;
    const places = placeRoles().for({ id: `person:${run}`, roles: ["engineer"] });
    decidePlaced(own, places, asked);
    const withPlaces = decidePlaced(own, places, asked);
    placed.push(withPlaces[Math.floor(withPlaces.length * 0.95)]!);
    prepared.push(preparedMs);
    p50.push(times[Math.floor(times.length * 0.5)]!);
    p95.push(times[Math.floor(times.length * 0.95)]!);
  }
  reportMedian(report, "policy", "decision under 1,000 rules, median", "µs", p50);
  reportMedian(report, "policy", "decision under 1,000 rules, p95", "µs", p95);
  reportMedian(report, "policy", "decision under 1,000 rules and 1,000 assignments at places, p95", "µs", placed);
  reportMedian(report, "policy", "rules made ready for an asker, once", "ms", prepared);
}

function decide(own: AskerPolicy, asked: readonly Asked[]): Float64Array {
  const times = new Float64Array(DECISIONS);
  for (let n = 0; n < DECISIONS; n++) {
    const one = asked[n % asked.length]!;
    const begun = performance.now();
    own.decide("READ", one, { now: NOW });
    times[n] = (performance.now() - begun) * 1_000;
  }
  return times.toSorted();
}

const LINES = 200;
/** Of what is changed. */
const CLASSES = [[], ["Quality"], ["Quality", "Safety"]] as const;

/** A person has forty of them, as somebody of maintenance has; the rest is other people's. */
function placeRoles(): PlaceRoles {
  const roles = Array.from({ length: 20 }, (_, n) => ({
    name: `role-${n}`,
    actions: n % 2 === 0 ? ["edit", "command"] : ["assets.edit", "commands.command"],
    ...(n % 5 === 0 && { classes: ["Quality"] }),
  }));
  const assignments = Array.from({ length: ASSIGNMENTS }, (_, n): PlaceAssignment => ({
    who: `person:${n % 25}`,
    role: `role-${n % 20}`,
    place: `shell:line${(n * 7) % LINES}`,
    ...(n % 4 === 0 && { until: NOW + (n % 2 === 0 ? 1 : -1) }),
  }));
  return new PlaceRoles(roles, assignments);
}

/** Whether somebody may read it by the rules and edit it where it is: a machine of a line, six places deep. */
function decidePlaced(own: AskerPolicy, places: AskerPlaces, asked: readonly Asked[]): Float64Array {
  const chains = Array.from({ length: 1_000 }, (_, n) => [
    [`shell:m${n}`, `shell:cell${n % 500}`, `shell:line${n % LINES}`, `shell:area${n % 20}`, "shell:site", "shell:enterprise"],
  ]);
  const times = new Float64Array(DECISIONS);
  for (let n = 0; n < DECISIONS; n++) {
    const one = asked[n % asked.length]!;
    const begun = performance.now();
    own.decide("READ", one, { now: NOW });
    places.decide({ actions: ["edit", "assets.edit"], classes: CLASSES[n % 3]! }, chains[n % chains.length]!, NOW);
    times[n] = (performance.now() - begun) * 1_000;
  }
  return times.toSorted();
}

function askedOf(n: number): Asked {
  const meaning = { type: "ExternalReference", keys: [{ type: "GlobalReference", value: `sem:${n}` }] };
  const submodel = { modelType: "Submodel", id: n % 2 === 0 ? `urn:s:${n}` : `urn:t:${n}:x`, semanticId: meaning } as unknown as Submodel;
  const subject = () => ({ kind: "submodel", submodel, elements: () => [], shells: () => [] }) as const;
  if (n % 3 === 0) return { kind: "route", route: `/shells/${n}/submodel-refs`, subject };
  return n % 3 === 1
    ? { kind: "object", class: "sm", id: submodel.id, subject }
    : { kind: "element", submodel: submodel.id, path: `P${n}`, subject };
}
