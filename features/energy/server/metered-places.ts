import { recordOfAasId, readElements } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { LocalText } from "@doppelwerk/operations";
import type { KnownLine, LivePlaces } from "@doppelwerk/ports";
import type { BranchId, RecordReader, ShellRecord, SubmodelRecord } from "@doppelwerk/world";
import type { Medium } from "../model/energy-units.ts";
import { mediumMeters, type MediumMeter } from "./meters.ts";

/** A place that has meters, or a line or station that may have none. */
export interface MeteredShell {
  /** AAS id of its shell. */
  readonly shell: string;
  /** Id of the line or station, else idShort of the shell. */
  readonly id: string;
  readonly kind: "place" | "line" | "station";
  readonly title: LocalText;
  /** AAS id of the nearest shell around it that has a meter. */
  readonly above?: string;
  readonly line?: string;
  readonly meters: readonly MediumMeter[];
}

interface Asked {
  readonly branch: BranchId;
  readonly medium: Medium;
  readonly lines: readonly KnownLine[];
  /** Id of a line: that one, its stations and what is metered around it. Absent: everything. */
  readonly line?: string | undefined;
  readonly places: LivePlaces | undefined;
}

/** Lines, stations and whatever else has a meter of a medium, each with the place above it, outermost first. What may not be read is not there. */
export function meteredShells(view: PlantView, { branch, medium, lines, line, places }: Asked): readonly MeteredShell[] {
  const reader = view.documents.reader(branch);
  const counted = countedShells(reader);
  const meters = new Map<string, MediumMeter[]>();
  for (const meter of mediumMeters(view, branch)) {
    if (meter.medium !== medium) continue;
    const shell = counted.get(meter.shell) ?? meter.shell;
    meters.set(shell, [...(meters.get(shell) ?? []), meter]);
  }
  const owned = new Map<string, Omit<MeteredShell, "meters" | "above">>();
  for (const each of lines) {
    owned.set(each.shell, { shell: each.shell, id: each.id, kind: "line", title: each.title, line: each.id });
    for (const { shell, id, title } of each.stations) owned.set(shell, { shell, id, kind: "station", title, line: each.id });
  }
  for (const shell of meters.keys()) if (!owned.has(shell)) owned.set(shell, placeOf(reader, shell));
  const above = new Map([...owned.keys()].map((shell) => [shell, around(reader, places, shell, lines)]));
  const isWanted = (shell: string): boolean =>
    line === undefined || owned.get(shell)!.line === line || isAround(lines.find(({ id }) => id === line)?.shell, shell, above);
  const depth = (shell: string): number => above.get(shell)!.length;
  return [...owned.values()]
    .filter(({ shell }) => isWanted(shell))
    .toSorted((a, b) => depth(a.shell) - depth(b.shell))
    .map((each) => {
      const nearest = above.get(each.shell)!.find((shell) => meters.has(shell));
      return { ...each, meters: meters.get(each.shell) ?? [], ...(nearest !== undefined && { above: nearest }) };
    });
}

/** A meter may count for another place than that it is at: the submodel `Metering` of its shell refers to it, as that of the feed to the whole site. */
function countedShells(reader: RecordReader): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const submodels = reader.query({ kind: "submodel", index: { name: "idShort", value: "Metering" } }) as readonly SubmodelRecord[];
  if (submodels.length === 0) return found;
  const shells = reader.query({ kind: "shell" }) as readonly ShellRecord[];
  for (const submodel of submodels) {
    const elements = readElements(reader, submodel);
    const { keys = [] } = (elements.child(submodel.id, "Shell")?.value ?? {}) as {
      readonly keys?: readonly { readonly type?: string; readonly value?: string }[];
    };
    const target = keys.find(({ type }) => type === "AssetAdministrationShell")?.value;
    const owner = shells.find((shell) => shell.submodels.includes(submodel.aasId));
    if (target !== undefined && owner !== undefined) found.set(owner.aasId, target);
  }
  return found;
}

function placeOf(reader: RecordReader, shell: string): Omit<MeteredShell, "meters" | "above"> {
  const record = recordOfAasId(reader, "shell", shell);
  const idShort = typeof record?.["idShort"] === "string" ? record["idShort"] : shell;
  const names = (record?.["body"] as { readonly displayName?: readonly { readonly language: string; readonly text: string }[] } | undefined)
    ?.displayName;
  const nameIn = (language: string): string => names?.find((each) => each.language.startsWith(language))?.text ?? idShort;
  return { shell, id: idShort, kind: "place", title: { en: nameIn("en"), zh: nameIn("zh") } };
}

/** AAS ids of the shells around one, from the inside out: of a station its line, then the places of the tree. */
function around(reader: RecordReader, places: LivePlaces | undefined, shell: string, lines: readonly KnownLine[]): readonly string[] {
  const line = lines.find(({ stations }) => stations.some((station) => station.shell === shell))?.shell;
  const inner = line ?? shell;
  const record = recordOfAasId(reader, "shell", inner)?.id;
  const outer = record === undefined ? [] : (places?.above(record) ?? []).filter((id) => id !== record);
  const ids = outer.flatMap((id) => (reader.get(id)?.["aasId"] as string | undefined) ?? []);
  return line === undefined ? ids : [line, ...ids];
}

function isAround(inner: string | undefined, shell: string, above: ReadonlyMap<string, readonly string[]>): boolean {
  return inner !== undefined && (above.get(inner)?.includes(shell) ?? false);
}
