import { documentChange, DoppelwerkError, HOUR, message, MINUTE, readDocument, type Instant, type RecordReader } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import type { LineDefinition, StationDefinition } from "@doppelwerk/operations";
import { lineFlow } from "@doppelwerk/ports";
import { counterStep, LIVE, quality, type BranchId } from "@doppelwerk/world";
import type { ShownLoad, Workload } from "../contract.ts";
import type { personnel } from "../feature.ts";
import type {} from "../message-codes.ts";
import type { RosterFields } from "../model/roster-kind.ts";
import { taskDocumentId, taskKind, type TaskFields } from "../model/task-kind.ts";
import { stationLoad, type StationWork } from "../model/workload.ts";
import { rostersOf } from "./documents.ts";
import { isKeeper, shownWorker } from "./keeper.ts";
import type { Staff } from "./staff.ts";

type Ctx = FeatureContext<typeof personnel>;
interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

const MAX_SAMPLES = 200_000;
/** People from which on figures of a station are of nobody in particular. */
const GROUP_MIN = 5;

export function tasksOf(reader: RecordReader): readonly TaskFields[] {
  return reader
    .query({ kind: taskKind.record })
    .flatMap((record) => readDocument(taskKind, record) ?? [])
    .toSorted((a, b) => (`${a.station}\n${a.task}` < `${b.station}\n${b.task}` ? -1 : 1));
}

export async function storeTask(view: PlantView, branch: BranchId, fields: TaskFields): Promise<void> {
  const id = taskDocumentId(fields.station, fields.task);
  const change = documentChange(taskKind, id, view.documents.reader(branch).get(id), fields);
  const reason = message("personnel.log.task", { station: fields.station, title: fields.title });
  if (change) await view.documents.apply({ branch, reason, changes: [change] });
}

export async function removeTask(view: PlantView, branch: BranchId, station: string, task: string): Promise<void> {
  const record = view.documents.reader(branch).get(taskDocumentId(station, task));
  const fields = record && readDocument(taskKind, record);
  if (record === undefined || fields === undefined)
    throw new DoppelwerkError("DW_NOT_FOUND", message("personnel.noTask", { station: station.slice(0, 100), task }));
  const reason = message("personnel.log.task", { station, title: fields.title });
  await view.documents.apply({ branch, reason, changes: [{ op: "delete", record }] });
}

/** The breaks of a shift, as the calendar of its line has them. */
export function breaksOf(shift: RosterFields, definition: LineDefinition | undefined): readonly Span[] {
  const planned = definition?.shifts.find(({ name }) => name === shift.shift);
  return (planned?.breaks ?? []).flatMap(({ startMinute, minutes }) => {
    const from = shift.from + ((startMinute - planned!.startMinute + 1_440) % 1_440) * MINUTE;
    return from < shift.to ? [{ from, to: Math.min(shift.to, from + minutes * MINUTE) }] : [];
  });
}

/** Hours of [from, to) without breaks. */
function hoursOf({ from, to }: Span, breaks: readonly Span[]): number {
  const rest = breaks.reduce((sum, pause) => sum + Math.max(0, Math.min(to, pause.to) - Math.max(from, pause.from)), 0);
  return Math.max(0, to - from - rest) / HOUR;
}

export interface WorkloadQuestion {
  readonly staff: Staff;
  readonly view: PlantView;
  readonly reader: RecordReader;
  readonly date: string;
  readonly now: Instant;
}

/** Load of the stations that have tasks, shift by shift of a day: tasks of the branch, roster and counted pieces of live. */
export async function workloadOf(ctx: Ctx, { staff, view, reader, date, now }: WorkloadQuestion): Promise<Workload> {
  const tasks = tasksOf(reader);
  const lines = ((await ctx.find(lineFlow)?.folded()) ?? []).map(({ definition }) => definition);
  const keeper = isKeeper(view);
  const shifts = await Promise.all(
    rostersOf(reader, date, date).map(async (shift) => {
      const names = [...new Set(tasks.map(({ station }) => station))];
      const stations = await Promise.all(
        names.map(async (station) => {
          const line = lines.find(({ stations: own }) => own.some(({ id }) => id === station));
          const places = shift.places.filter((place) => place.station === station && place.worker !== undefined);
          const workers = new Set(places.flatMap(({ worker }) => worker ?? []));
          const work = await workOf(ctx, view, {
            station: line?.stations.find(({ id }) => id === station),
            line,
            shift,
            now,
            people: workers.size,
          });
          const own = tasks.filter((task) => task.station === station);
          const isMine = [...workers].some((worker) => shownWorker(staff, view, worker).isMe);
          return shownLoad(station, own, work, keeper || isMine || workers.size >= GROUP_MIN);
        }),
      );
      return { date, shift: shift.shift, from: shift.from, to: shift.to, isRunning: now > shift.from && now < shift.to, stations };
    }),
  );
  return { isKeeper: keeper, date, tasks: tasks.map((task) => ({ ...task })), shifts };
}

interface WorkQuestion {
  readonly station: StationDefinition | undefined;
  readonly line: LineDefinition | undefined;
  readonly shift: RosterFields;
  readonly now: Instant;
  readonly people: number;
}

/** Of a shift that runs: what was counted until now. */
async function workOf(ctx: Ctx, view: PlantView, { station, line, shift, now, people }: WorkQuestion): Promise<StationWork> {
  const breaks = breaksOf(shift, line);
  const counted = { from: shift.from, to: Math.min(shift.to, now) };
  const pieces = counted.to > counted.from && station !== undefined ? await piecesOf(ctx, view, station, counted) : undefined;
  return {
    ...(pieces !== undefined && { pieces }),
    countedHours: hoursOf(counted, breaks),
    hours: hoursOf(shift, breaks),
    people,
  };
}

/** Undefined where the station does not count, nothing was counted, or the caller may not read it. */
async function piecesOf(ctx: Ctx, view: PlantView, { signals }: StationDefinition, { from, to }: Span): Promise<number | undefined> {
  const binding = signals.Total ?? signals.Good;
  if (binding === undefined || !view.mayReadSignal(binding.id)) return undefined;
  const { history } = ctx.own;
  const key = { branch: LIVE, signal: binding.id };
  const [[before], counts] = await Promise.all([history.at([key], from - 1), history.raw(key, from, to, MAX_SAMPLES)]);
  const counter = ctx.own.signal(binding.id)?.counter ?? { type: "totaliser" };
  let last = before !== undefined && Number.isFinite(before.value) ? before.value : undefined;
  let sum = 0;
  for (let row = 0; row < counts.times.length; row++) {
    const value = counts.values[row]!;
    if (counts.qualities[row] === quality.bad || !Number.isFinite(value)) continue;
    if (last !== undefined) sum += Math.max(0, counterStep(last, value, counter).delta);
    last = value;
  }
  return last === undefined ? undefined : sum;
}

/** Who does not keep the roster sees the range and its factor; counts of fewer than five people are of somebody. */
function shownLoad(station: string, tasks: readonly TaskFields[], work: StationWork, isWhole: boolean): ShownLoad {
  const { tasks: loads, composite, range } = stationLoad(tasks, work);
  return {
    station,
    people: work.people,
    isWhole,
    hours: work.hours,
    countedHours: work.countedHours,
    ...(isWhole && work.pieces !== undefined && { pieces: work.pieces }),
    ...(range !== undefined && { range }),
    ...(isWhole && composite !== undefined && { composite }),
    loads: loads.map((load) => {
      const { task, title, method } = load.task;
      if (!load.isKnown) return { task, title, method, missing: [...load.missing] };
      const { range: own, factor, factorValue, value, perHour, rwlKg } = load;
      return {
        task,
        title,
        method,
        range: own,
        factor,
        ...(isWhole && { factorValue, perHour }),
        ...(isWhole && value !== undefined && { value }),
        ...(isWhole && rwlKg !== undefined && { rwlKg }),
      };
    }),
  };
}
