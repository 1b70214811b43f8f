import { Worker } from "node:worker_threads";
import { DoppelwerkError, HOUR, message, type Instant, type Message, type RecordReader } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { lineFlow } from "@doppelwerk/ports";
import type { Rotation } from "../contract.ts";
import type { personnel } from "../feature.ts";
import type {} from "../message-codes.ts";
import { Qualified } from "../model/qualified.ts";
import type { RosterFields, RosterPlace } from "../model/roster-kind.ts";
import type { RequirementFields } from "../model/skill-kinds.ts";
import type { RotationAnswer, RotationInput, RotationStation } from "../model/rotation.ts";
import { qualificationsOf, requirementsOf, rostersOf } from "./documents.ts";
import type { Staff } from "./staff.ts";
import { breaksOf, workloadOf } from "./workload.ts";

type Ctx = FeatureContext<typeof personnel>;

/** What a thread is given: functions do not go there, so who may work where is pairs. */
export interface RotationRequest {
  readonly input: Omit<RotationInput, "mayWork">;
  readonly pairs: readonly (readonly [worker: string, station: number])[];
  readonly seconds: number;
}

const SECONDS = 10;
const GRACE_S = 20;
const MAX_RUNNING = 2;
let running = 0;

export interface RotationQuestion {
  readonly staff: Staff;
  readonly view: PlantView;
  readonly reader: RecordReader;
  readonly date: string;
  readonly shift: string;
  readonly line: string;
  readonly now: Instant;
}

const rotates = ({ station, role, worker }: RosterPlace, line: string, own: string): boolean =>
  own === line && station !== "" && worker !== undefined && (role === "operator" || role === "");

/** A proposal for the operators of a line in one shift; nothing is stored. Errors: DW_NOT_FOUND, DW_UNAVAILABLE (too many at once, or not solved in time). */
export async function proposeRotation(ctx: Ctx, question: RotationQuestion): Promise<Rotation> {
  const { staff, reader, date, shift: name, line } = question;
  const shift = rostersOf(reader, date, date).find((each) => each.shift === name);
  const own = shift?.places.filter((place) => rotates(place, line, place.line)) ?? [];
  if (shift === undefined || own.length === 0)
    throw new DoppelwerkError("DW_NOT_FOUND", message("personnel.noShift", { shift: `${date} ${name}`, line }));
  const qualified = new Qualified(qualificationsOf(reader));
  const requirements = requirementsOf(reader);
  const { stations, unknown } = await stationsOf(ctx, question, own);
  const workers = [...new Set(own.flatMap(({ worker }) => worker ?? []))].toSorted();
  const fixed = shift.places.filter((place) => !rotates(place, line, place.line));
  const seats = stations.flatMap((place) => seatsOf(place, requirements, fixed, (worker, each) => qualified.fulfils(worker, each, date)));
  const pairs = workers.flatMap((worker) =>
    seats.flatMap(({ station, skill }, at) => {
      const needed = requirements.find((each) => each.station === station && each.skill === skill);
      return needed === undefined || qualified.fulfils(worker, needed, date) ? [[worker, at] as const] : [];
    }),
  );
  const blocks = await blocksOf(ctx, shift, stations);
  const answer = await solved({ input: { blocks, stations: seats, workers }, pairs, seconds: SECONDS });
  const nameOf = (worker: string) => {
    const known = staff.get(worker)?.name;
    return { worker, ...(known !== undefined && { name: known }) };
  };
  const head = { date, shift: name, line, edition: shift.edition, blocks: blocks.map(({ from, to }) => ({ from, to })), unknown };
  if (!answer.isFeasible) {
    const { stations: short, needed, workers: able } = answer.gap;
    return { ...head, isFeasible: false, gap: { stations: [...short], needed, workers: able.map(nameOf) } };
  }
  const before = loadsOfRoster(own, stations, blocks);
  return {
    ...head,
    isFeasible: true,
    highest: answer.highest,
    highestBefore: Math.max(0, ...Object.values(before)),
    bound: answer.bound,
    isOptimal: answer.isOptimal,
    changes: answer.changes,
    loads: workers.map((worker) => ({ ...nameOf(worker), load: answer.loads[worker] ?? 0, before: before[worker] ?? 0 })),
    places: answer.places.map(({ block, station, worker }) => ({ block, station, ...nameOf(worker) })),
    plan: planOf(shift, line, answer, blocks),
  };
}

/** The places of a station by what it requires, without what those fulfil who stay there; the others need nothing. */
function seatsOf(
  place: RotationStation,
  requirements: readonly RequirementFields[],
  fixed: readonly RosterPlace[],
  fulfils: (worker: string, requirement: RequirementFields) => boolean,
): readonly RotationStation[] {
  const required = requirements
    .filter(({ station }) => station === place.station)
    .map((each) => {
      const staying = fixed.filter(({ station, worker }) => station === place.station && worker !== undefined && fulfils(worker, each));
      return { ...place, skill: each.skill, people: Math.max(0, each.people - staying.length) };
    })
    .filter(({ people }) => people > 0);
  const rest = place.people - required.reduce((sum, { people }) => sum + people, 0);
  return rest > 0 ? [...required, { ...place, people: rest }] : required;
}

/** The roster with the rotation in place of the places that rotate: breaks belong to the part before them. */
function planOf(
  shift: RosterFields,
  line: string,
  { places }: Extract<RotationAnswer, { isFeasible: true }>,
  blocks: RotationInput["blocks"],
) {
  const kept = shift.places.filter((place) => !rotates(place, line, place.line));
  const rotated = places.map(({ block, station, worker }): RosterPlace => ({
    line,
    station,
    role: "operator",
    worker,
    from: blocks[block]!.from,
    to: blocks[block + 1]?.from ?? shift.to,
  }));
  return { from: shift.from, to: shift.to, edition: shift.edition, places: [...joined(rotated), ...kept] };
}

/** Who stays at a station over a break has one place. */
function joined(places: readonly RosterPlace[]): readonly RosterPlace[] {
  const result: RosterPlace[] = [];
  for (const place of places.toSorted((a, b) => a.from! - b.from!)) {
    const at = result.findIndex((each) => each.worker === place.worker && each.station === place.station && each.to === place.from);
    if (at < 0) result.push(place);
    else result[at] = { ...result[at]!, to: place.to };
  }
  return result;
}

/** How many are planned at each station, and how heavy an hour there is: its range of 1 to 4. Where nothing is known it counts as nothing, and is named. */
async function stationsOf(
  ctx: Ctx,
  question: RotationQuestion,
  places: readonly RosterPlace[],
): Promise<{ readonly stations: readonly RotationStation[]; readonly unknown: string[] }> {
  const { shifts } = await workloadOf(ctx, question);
  const known = shifts.find(({ shift }) => shift === question.shift)?.stations ?? [];
  const names = [...new Set(places.map(({ station }) => station))];
  const stations = names.map((station) => ({
    station,
    people: new Set(places.flatMap((place) => (place.station === station ? (place.worker ?? []) : []))).size,
    loadPerHour: known.find((each) => each.station === station)?.range ?? 0,
  }));
  return { stations, unknown: stations.filter(({ loadPerHour }) => loadPerHour === 0).map(({ station }) => station) };
}

/** The parts of a shift between its breaks. */
async function blocksOf(ctx: Ctx, shift: RosterFields, stations: readonly RotationStation[]): Promise<RotationInput["blocks"]> {
  const lines = ((await ctx.find(lineFlow)?.folded()) ?? []).map(({ definition }) => definition);
  const line = lines.find(({ stations: own }) => own.some(({ id }) => stations.some(({ station }) => station === id)));
  const blocks: { from: Instant; to: Instant; hours: number }[] = [];
  let from = shift.from;
  for (const pause of breaksOf(shift, line).toSorted((a, b) => a.from - b.from)) {
    if (pause.from > from) blocks.push({ from, to: pause.from, hours: (pause.from - from) / HOUR });
    from = Math.max(from, pause.to);
  }
  if (shift.to > from) blocks.push({ from, to: shift.to, hours: (shift.to - from) / HOUR });
  return blocks;
}

/** Loads of the roster as it is, over the same hours. */
function loadsOfRoster(
  places: readonly RosterPlace[],
  stations: readonly RotationStation[],
  blocks: RotationInput["blocks"],
): Readonly<Record<string, number>> {
  const loads: Record<string, number> = {};
  for (const { worker, station, from, to } of places)
    for (const block of blocks) {
      const isThere = (from ?? block.from) < block.to && (to ?? block.to) > block.from;
      const perHour = stations.find((each) => each.station === station)?.loadPerHour ?? 0;
      if (isThere && worker !== undefined) loads[worker] = (loads[worker] ?? 0) + perHour * block.hours;
    }
  return loads;
}

/** Solves in a thread of its own: a program that is hard keeps nobody else waiting, and has an end. */
function solved(request: RotationRequest): Promise<RotationAnswer> {
  if (running >= MAX_RUNNING) throw new DoppelwerkError("DW_UNAVAILABLE", message("personnel.rotationBusy"));
  running++;
  return new Promise<RotationAnswer>((resolve, reject) => {
    const worker = new Worker(new URL("./rotation-worker.ts", import.meta.url), {
      workerData: request,
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    const end = (act: () => void): void => {
      clearTimeout(timer);
      act();
      void worker.terminate();
    };
    const failed = (reason: Message): void => end(() => reject(new DoppelwerkError("DW_UNAVAILABLE", reason)));
    const timer = setTimeout(
      () => failed(message("personnel.rotationTooLong", { seconds: SECONDS + GRACE_S })),
      (SECONDS + GRACE_S) * 1_000,
    );
    worker.once("message", (found: { readonly answer?: RotationAnswer; readonly failure?: Message }) =>
      found.answer === undefined ? failed(found.failure!) : end(() => resolve(found.answer!)),
    );
    worker.once("error", () => failed(message("personnel.rotationTooLong", { seconds: SECONDS + GRACE_S })));
  }).finally(() => running--);
}
