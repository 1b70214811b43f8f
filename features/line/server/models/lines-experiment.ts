import { message, textOf, type Message } from "@doppelwerk/messages";
import type { DescribedEnd, LineExperiment, LinesExperiment } from "@doppelwerk/ports";
import { modelOf, validatePlantModel } from "@doppelwerk/sim";
import type { LineModel, LineState, PlantExperimentModel, SharedBufferModel, SharedBufferState } from "@doppelwerk/sim";
import { DoppelwerkError } from "@doppelwerk/world";
import type { LineOfShells } from "../line-of-shells.ts";
import { buildExperiment, spanOf, type ExperimentInput } from "./experiment-builder.ts";

/** Both sides of a run of several lines: each line as it is made alone, over one span, joined at the buffers that their documents share. */
export function buildLinesExperiment(inputs: readonly ExperimentInput[]): LinesExperiment {
  refuseSharedStations(inputs.map(({ edited }) => edited));
  const spans = inputs.map(spanOf);
  const span = { start: Math.min(...spans.map(({ start }) => start)), end: Math.max(...spans.map(({ end }) => end)) };
  const made = inputs.map((input) => buildExperiment({ ...input, span }));
  const [before, after] = [sharedBuffers(inputs.map(({ base }) => base)), sharedBuffers(inputs.map(({ edited }) => edited))];
  const live = sideOf(made, "live", before);
  const branch = sideOf(made, "branch", after);
  for (const side of [live, branch]) refuseWhatCannotRun(side);
  const same = made.every((one) => one.same) && JSON.stringify(before) === JSON.stringify(after);
  const first = made[0]!;
  const apart = inputs.length > 1 && after.length === 0;
  const told: readonly Message[] = [
    ...made.flatMap(({ warningsTold }) => warningsTold),
    ...(apart ? [message("line.together.apart", { lines: namesOf(inputs.map(({ edited }) => edited)) })] : []),
  ];
  return {
    live: live.model,
    branch: same ? live.model : branch.model,
    same,
    kind: first.kind,
    start: span.start,
    horizonS: first.horizonS,
    diffHash: first.diffHash,
    initialState: [
      // what is said of no station is said of its line
      ...made.flatMap(({ initialState }, at) =>
        initialState.map((note) => (note.item.includes(" ") ? note : { ...note, item: `${inputs[at]!.edited.id} ${note.item}` })),
      ),
      ...branch.notes,
    ],
    parameters: made.flatMap(({ parameters }) => parameters),
    warnings: told.map(textOf),
    warningsTold: told,
  };
}

function namesOf(lines: readonly LineOfShells[]): { readonly en: string; readonly zh: string } {
  return {
    en: lines.map(({ described }) => described.title.en).join(", "),
    zh: lines.map(({ described }) => described.title.zh).join("、"),
  };
}

/** A machine does the work of one line: two that run at once would count it twice. */
function refuseSharedStations(lines: readonly LineOfShells[]): void {
  const owner = new Map<string, LineOfShells>();
  for (const line of lines)
    for (const station of line.described.stations) {
      const other = owner.get(station.shell);
      if (other !== undefined && other !== line)
        throw new DoppelwerkError(
          "DW_INVALID",
          message("line.together.sharedStation", { station: station.title, first: other.described.title, second: line.described.title }),
        );
      owner.set(station.shell, line);
    }
}

/** Buffers that one of the lines fills and one of them empties, by shell. */
function sharedBuffers(lines: readonly LineOfShells[]): readonly SharedBufferModel[] {
  const ends = lines.flatMap((line) => (line.described.ends ?? []).map((end) => ({ line: line.id, end })));
  const of = (shell: string, side: DescribedEnd["side"]) =>
    ends.flatMap(({ line, end }) => (end.buffer.shell === shell && end.side === side ? [{ line, station: end.station }] : []));
  return [...new Map(ends.map(({ end }) => [end.buffer.shell, end.buffer])).values()].flatMap(({ shell, title, capacity }) => {
    const [from, to] = [of(shell, "outlet"), of(shell, "inlet")];
    if (from.length === 0 || to.length === 0) return [];
    return [{ id: shell, name: title.en, ...(capacity === undefined ? {} : { capacity }), from, to }];
  });
}

interface Side {
  readonly model: PlantExperimentModel;
  readonly notes: LineExperiment["initialState"];
}

function sideOf(made: readonly LineExperiment[], side: "live" | "branch", buffers: readonly SharedBufferModel[]): Side {
  const lines = made.map((one) => one[side]);
  const plant = lines.map(({ edited }) => edited.id).join(" + ");
  if (made[0]!.kind !== "forecast") return { model: { plant, lines, buffers }, notes: [] };
  const states = new Map(lines.map(({ edited, initialState }) => [edited.id, { model: edited, state: initialState }]));
  const filled = buffers.map((buffer) => initialLevel(buffer, states));
  return {
    model: { plant, lines, buffers, initialBuffers: filled.map(({ state }) => state) },
    notes: filled.map(({ note }) => note),
  };
}

type States = ReadonlyMap<string, { readonly model: LineModel; readonly state: LineState | undefined }>;

/** Nothing counts the parts between lines: a place that is blocked behind them says full, a station that waits for them says empty. */
function initialLevel(
  { id, name, capacity, from, to }: SharedBufferModel,
  states: States,
): { readonly state: SharedBufferState; readonly note: LineExperiment["initialState"][number] } {
  const placesOf = ({ line, station }: SharedBufferModel["from"][number]) =>
    (states.get(line)?.state?.places ?? []).filter((place) => place.station === station);
  const isFull = capacity !== undefined && from.some((end) => placesOf(end).some(({ phase }) => phase === "blocked"));
  const isEmpty = to.every((end) => placesOf(end).every(({ part }) => part === undefined));
  const count = isFull ? capacity : isEmpty ? 0 : Math.ceil((capacity ?? 0) / 2);
  const reason = message(isFull ? "line.initial.sharedFull" : isEmpty ? "line.initial.sharedEmpty" : "line.initial.sharedHalf");
  const feeding = states.get(from[0]!.line);
  const product = feeding?.state?.program?.product ?? feeding?.model.products[0]?.id ?? null;
  return {
    state: { buffer: id, products: Array.from({ length: count }, () => product) },
    note: {
      // one word for the buffer, one for what is said of it
      item: `${(name ?? id).replaceAll(" ", "\u00a0")} shared`,
      value: String(count),
      basis: isFull || isEmpty ? "inferred" : "assumed",
      why: textOf(reason),
      reason,
    },
  };
}

function refuseWhatCannotRun({ model: { plant, lines, buffers } }: Side): void {
  const models = lines.map((line) => modelOf(line, { seed: 0, replication: 0, drawParameters: false }));
  const fault = validatePlantModel({ format: "doppelwerk-plant/1", id: plant, lines: models, buffers }).find(
    ({ severity, path }) => severity === "error" && path.startsWith("buffers"),
  );
  if (fault === undefined) return;
  const buffer = buffers[Number(/^buffers\[(\d+)\]$/.exec(fault.path)?.[1] ?? Number.NaN)];
  throw new DoppelwerkError(
    "DW_INVALID",
    buffer === undefined
      ? message("line.together.cannotRun", { problem: fault.message })
      : message("line.together.circle", {
          buffer: buffer.name ?? buffer.id,
          lines: [...buffer.from, ...buffer.to].map(({ line }) => line).join(", "),
        }),
  );
}
