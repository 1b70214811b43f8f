import type { Finding } from "@doppelwerk/aas";
import { problem, shapeFindings, type Shape } from "../line/shape.ts";
import { validateLineModel } from "../line/validate-line-model.ts";
import type { LineEnd, PlantModel, SharedBufferModel } from "./plant-model.ts";

const end: Shape = { is: "object", fields: { line: { is: "string" }, station: { is: "string" } } };
const bufferShape: Shape = {
  is: "object",
  fields: {
    id: { is: "string" },
    "name?": { is: "string" },
    "capacity?": { is: "count" },
    from: { is: "list", of: end },
    to: { is: "list", of: end },
  },
};

/**
 * What is wrong with a value that should be a `PlantModel`; a plant without errors runs. Each line is checked as a line
 * (`lines[1].stations[3].next.station`), then what they share. Constraints are those of `validateLineModel`.
 */
export function validatePlantModel(value: unknown): Finding[] {
  if (typeof value !== "object" || value === null) return [problem("", "type", "must be an object")];
  const { format, lines, buffers } = value as Partial<Record<keyof PlantModel, unknown>>;
  if (format !== "doppelwerk-plant/1") return [problem("format", "value", 'must be "doppelwerk-plant/1"')];
  if (!Array.isArray(lines) || lines.length === 0) return [problem("lines", "required", "must list at least one line")];
  const findings = [
    ...lines.flatMap((line, index) => validateLineModel(line).map((found) => ({ ...found, path: joined(`lines[${index}]`, found.path) }))),
    ...shapeFindings(buffers, { is: "list", of: bufferShape }, "buffers"),
  ];
  if (findings.some(({ severity }) => severity === "error")) return findings;
  const plant = value as PlantModel;
  return [...findings, ...uniqueFindings(plant), ...endFindings(plant), ...circleFindings(plant)];
}

function joined(path: string, rest: string): string {
  return rest === "" ? path : `${path}.${rest}`;
}

function uniqueFindings({ lines, buffers }: PlantModel): Finding[] {
  const twice = (ids: readonly string[], path: (index: number) => string): Finding[] =>
    ids.flatMap((id, index) => (ids.indexOf(id) < index ? [problem(path(index), "unique", `"${id}" is used twice`)] : []));
  const owner = new Map<string, string>();
  const shared = lines.flatMap(({ id, stations }, index) =>
    stations.flatMap((station, at): Finding[] => {
      const other = owner.get(station.id);
      if (other === undefined) owner.set(station.id, id);
      return other === undefined || other === id
        ? []
        : [problem(`lines[${index}].stations[${at}].id`, "unique", `the station "${station.id}" is in the lines "${other}" and "${id}"`)];
    }),
  );
  return [
    ...twice(
      lines.map(({ id }) => id),
      (index) => `lines[${index}].id`,
    ),
    ...twice(
      buffers.map(({ id }) => id),
      (index) => `buffers[${index}].id`,
    ),
    ...shared,
  ];
}

function endFindings(plant: PlantModel): Finding[] {
  const used = new Map<string, string>();
  return plant.buffers.flatMap((buffer, index) =>
    (["from", "to"] as const).flatMap((side) => [
      ...(buffer[side].length === 0 ? [problem(`buffers[${index}].${side}`, "required", "must name a station")] : []),
      ...buffer[side].flatMap((end, at) => oneEnd(plant, buffer, side, end, `buffers[${index}].${side}[${at}]`, used)),
    ]),
  );
}

function oneEnd(
  { lines }: PlantModel,
  buffer: SharedBufferModel,
  side: "from" | "to",
  { line, station }: LineEnd,
  path: string,
  used: Map<string, string>,
): Finding[] {
  const model = lines.find(({ id }) => id === line);
  if (model === undefined) return [problem(`${path}.line`, "reference", `there is no line "${line}"`)];
  const found = model.stations.find(({ id }) => id === station);
  if (found === undefined) return [problem(`${path}.station`, "reference", `the line "${line}" has no station "${station}"`)];
  const key = `${side} ${line}/${station}`;
  const other = used.get(key);
  if (other !== undefined)
    return [problem(path, "unique", `the station "${station}" is at the buffers "${other}" and "${buffer.id}" on one side`)];
  used.set(key, buffer.id);
  if (side === "from" && found.next !== undefined)
    return [problem(path, "route", `parts of "${station}" go on to "${found.next.station}": they do not leave the line`)];
  if (side === "to" && (found.source === undefined || found.source.interarrival !== undefined))
    return [problem(path, "route", `no parts come into the line at "${station}"`)];
  return [];
}

/** Lines that feed each other in a circle could wait for each other for ever. */
function circleFindings({ lines, buffers }: PlantModel): Finding[] {
  const ahead = new Map(
    lines.map(({ id }) => [
      id,
      buffers.flatMap(({ from, to }) => (from.some(({ line }) => line === id) ? to.map(({ line }) => line) : [])),
    ]),
  );
  const reaches = (from: string, goal: string, seen: Set<string>): boolean =>
    (ahead.get(from) ?? []).some((next) => next === goal || (!seen.has(next) && (seen.add(next), reaches(next, goal, seen))));
  return buffers.flatMap(({ id, from, to }, index) =>
    to.some(({ line }) => from.some((end) => end.line === line || reaches(line, end.line, new Set())))
      ? [problem(`buffers[${index}]`, "route", `the buffer "${id}" is in a circle: a line gets back what it gave away`)]
      : [],
  );
}
