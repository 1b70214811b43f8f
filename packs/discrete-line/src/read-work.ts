import type { LocalText, RecordReader, ShellRecord } from "@doppelwerk/kit";
import { localText, readPlantElements, submodelOfShell } from "./element-reader.ts";
import type { PlantWorkElement } from "./plant.ts";

/** Work elements of the line's submodel `WorkElements`; what names nothing that is there is left out and told. */
export function readWork(
  reader: RecordReader,
  line: ShellRecord,
  stations: ReadonlySet<string>,
  findings: LocalText[],
): readonly PlantWorkElement[] {
  const submodel = submodelOfShell(reader, line, "WorkElements");
  if (!submodel) return [];
  const elements = readPlantElements(reader, submodel);
  const known = new Set<string>();
  const read = elements.items(submodel.id, "Elements").flatMap((item): PlantWorkElement[] => {
    const id = elements.text(item.id, "Id");
    const station = elements.child(item.id, "Station");
    const time = elements.value(item.id, "Time");
    const at = elements.text(item.id, "Station");
    if (id === undefined || known.has(id) || !station || at === undefined || !stations.has(at) || !time || time.value <= 0) {
      findings.push({
        en: `the work element ${id ?? "without an id"} needs an id of its own, a station of the line and a time`,
        zh: `作业要素 ${id ?? "（无编号）"} 需要唯一编号、该产线的一个工位和时间`,
      });
      return [];
    }
    known.add(id);
    const after = (elements.text(item.id, "After") ?? "").split(/[\s,;]+/).filter((name) => name !== "");
    const title = localText(elements.child(item.id, "Title")?.value, id);
    return [{ id, title, time, after, station: at, stationElement: station.id, fixed: elements.truth(item.id, "Fixed") ?? false }];
  });
  return read.map((element) => {
    const stranger = element.after.find((name) => !known.has(name));
    if (stranger === undefined) return element;
    findings.push({
      en: `the work element ${element.id} comes after one that is not there: ${stranger}`,
      zh: `作业要素 ${element.id} 的前序要素不存在：${stranger}`,
    });
    return { ...element, after: element.after.filter((name) => known.has(name)) };
  });
}
