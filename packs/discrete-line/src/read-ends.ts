import { recordOfAasId } from "@doppelwerk/kit";
import type { LocalText, RecordReader, ShellRecord } from "@doppelwerk/kit";
import { readPlantElements, submodelOfShell, titleOf, type PlantReader } from "./element-reader.ts";
import type { PlantEnd, PlantFlow } from "./plant.ts";

interface EndsRequest {
  readonly reader: RecordReader;
  /** Of the submodel `ProductionLine`. */
  readonly elements: PlantReader;
  readonly flows: readonly PlantFlow[];
  /** Stations of the line. */
  readonly known: ReadonlySet<string>;
  readonly findings: LocalText[];
}

/** Where a line meets others: the lists `Outlets` and `Inlets`, each item a station and the shell of a buffer. One that cannot be is a finding and left out. */
export function readEnds({ reader, elements, flows, known, findings }: EndsRequest): readonly PlantEnd[] {
  const read = (side: PlantEnd["side"], list: "Outlets" | "Inlets"): PlantEnd[] => {
    const taken = new Set<string>();
    return elements.items(elements.submodel.id, list).flatMap((item): PlantEnd[] => {
      const station = elements.text(item.id, "Station") ?? "?";
      const reference = elements.child(item.id, "Shell")?.value as { readonly keys?: readonly { readonly value: string }[] } | undefined;
      const aasId = reference?.keys?.at(-1)?.value;
      const shell = aasId === undefined ? undefined : (recordOfAasId(reader, "shell", aasId) as ShellRecord | undefined);
      const fault = faultOf({ side, list, station, flows, known, isTaken: taken.has(station), shell: shell && aasId });
      if (fault !== undefined || shell === undefined) {
        if (fault !== undefined) findings.push(fault);
        return [];
      }
      taken.add(station);
      return [{ side, station, buffer: bufferOf(reader, shell) }];
    });
  };
  return [...read("outlet", "Outlets"), ...read("inlet", "Inlets")];
}

function bufferOf(reader: RecordReader, shell: ShellRecord): PlantEnd["buffer"] {
  const submodel = submodelOfShell(reader, shell, "Buffer");
  const capacity = submodel && readPlantElements(reader, submodel).value(submodel.id, "Capacity");
  return { shell: shell.aasId, idShort: shell.idShort, title: titleOf(shell), ...(capacity && { capacity }) };
}

interface EndFacts extends Pick<EndsRequest, "flows" | "known"> {
  readonly side: PlantEnd["side"];
  readonly list: string;
  readonly station: string;
  /** The station has a buffer on this side already. */
  readonly isTaken: boolean;
  readonly shell: string | undefined;
}

function faultOf({ side, list, station, flows, known, isTaken, shell }: EndFacts): LocalText | undefined {
  if (!known.has(station))
    return { en: `${list} names no station of the line: ${station}`, zh: `${list} 所指的工位不在该产线上：${station}` };
  if (shell === undefined)
    return { en: `${list} of ${station} names no shell of a buffer`, zh: `${station} 的 ${list} 没有指明缓存的管理壳` };
  if (isTaken)
    return { en: `${list} names ${station} twice: it has one buffer there`, zh: `${list} 两次列出 ${station}：该处只有一个缓存` };
  const goesOn = flows.find(({ from, kind }) => from === station && kind !== "reject");
  if (side === "outlet" && goesOn)
    return {
      en: `Outlets names ${station}, whose parts go on to ${goesOn.to}: they do not leave the line there`,
      zh: `Outlets 列出 ${station}，但其工件继续流向 ${goesOn.to}，并不在此离开产线`,
    };
  const comesIn = flows.find(({ to, kind }) => to === station && kind !== "assembly");
  if (side === "inlet" && comesIn)
    return {
      en: `Inlets names ${station}, whose parts come from ${comesIn.from}: they do not enter the line there`,
      zh: `Inlets 列出 ${station}，但其工件来自 ${comesIn.from}，并不在此进入产线`,
    };
  return undefined;
}
