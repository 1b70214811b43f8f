import type { Submodel } from "@doppelwerk/aas";
import type { UnitId } from "../signals/unit.ts";
import { decimal, externalReference, languages, list, multiLanguage, text, truth } from "./element.ts";
import { nominalTable } from "./nominal.ts";

/** Shares are of what the station takes for a part; `fixed`: needs the equipment of its station. */
interface WorkRow {
  readonly id: string;
  readonly unit: UnitId;
  readonly en: string;
  readonly zh: string;
  readonly share: number;
  readonly after: readonly string[];
  readonly fixed?: true;
}

const row = (unit: UnitId, id: string, en: string, zh: string, share: number, after: readonly string[] = [], fixed?: true): WorkRow => ({
  unit,
  id,
  en,
  zh,
  share,
  after,
  ...(fixed ? { fixed } : {}),
});

/** What people and machines of the main flow do, in the pieces in which work study has timed it. */
const rows: readonly WorkRow[] = [
  row("S030", "hang-tub", "Hang tub on hoist", "吊装内筒", 6, [], true),
  row("S030", "guide-tub", "Guide tub into cabinet", "内筒入箱", 9, ["hang-tub"], true),
  row("S030", "springs", "Hook in springs", "挂弹簧", 8, ["guide-tub"], true),
  row("S030", "dampers", "Fit dampers", "安装减震器", 9, ["springs"]),
  row("S030", "damper-pins", "Secure damper pins", "锁紧减震销", 4, ["dampers"]),
  row("S040", "motor", "Place motor", "放置电机", 9, ["springs"], true),
  row("S040", "motor-screws", "Screw motor", "紧固电机", 11, ["motor"], true),
  row("S040", "belt", "Put on belt", "安装皮带", 9, ["motor-screws"]),
  row("S040", "belt-check", "Check belt tension", "检查皮带张力", 6, ["belt"]),
  row("S050", "pump", "Fit drain pump", "安装排水泵", 14, ["springs"], true),
  row("S050", "pump-screws", "Screw drain pump", "紧固排水泵", 10, ["pump"], true),
  row("S050", "sump-hose", "Sump hose", "连接集水软管", 13, ["pump"]),
  row("S050", "drain-hose", "Drain hose", "安装排水管", 10, ["pump-screws"]),
  row("S050", "hose-clips", "Tighten hose clips", "紧固软管卡箍", 4, ["sump-hose", "drain-hose"]),
  row("S050", "valve", "Inlet valve", "安装进水阀", 9, ["guide-tub"]),
  row("S050", "type-plate", "Stick type plate", "粘贴铭牌", 2, ["guide-tub"]),
  row("S050", "detergent-hose", "Hose to detergent box", "连接洗涤剂盒软管", 8, ["valve"]),
  row("S060", "harness", "Lay harness", "铺设线束", 18, ["motor-screws"], true),
  row("S060", "plug-motor", "Plug motor", "插接电机", 7, ["harness"]),
  row("S060", "plug-pump", "Plug pump", "插接水泵", 6, ["harness", "pump-screws"]),
  row("S060", "plug-valve", "Plug valve", "插接进水阀", 6, ["harness", "valve"]),
  row("S060", "plug-heater", "Plug heater and sensor", "插接加热器与传感器", 12, ["harness"]),
  row("S060", "lock-cable", "Cable of door lock", "门锁线缆", 9, ["harness"]),
  row("S060", "clips", "Clip harness", "固定线束", 12, ["plug-motor", "plug-heater"]),
  row("S060", "plug-check", "Check plugs", "检查插接", 2, ["clips", "plug-pump", "plug-valve"]),
  row("S070", "front", "Set front panel", "安装前面板", 9, ["lock-cable"], true),
  row("S070", "front-screws", "Screw front panel", "紧固前面板", 8.5, ["front"], true),
  row("S070", "bellows", "Clamp bellows", "安装门封圈", 9, ["front"]),
  row("S070", "hinge", "Hang door", "安装机门", 6, ["front-screws"]),
  row("S070", "door-check", "Check door", "检查机门", 3, ["hinge", "bellows"]),
  row(
    "S090",
    "leak-test",
    "Leak test",
    "泄漏测试",
    208,
    ["belt-check", "damper-pins", "hose-clips", "type-plate", "detergent-hose", "plug-check", "door-check"],
    true,
  ),
  row("S110", "camera", "Camera check", "相机检查", 9, ["leak-test"], true),
  row("S110", "label", "Print and apply label", "打印并贴标签", 11, ["camera"]),
  row("S120", "bag", "Bag with manual and bolts", "说明书与螺栓袋", 6, ["leak-test"]),
  row("S120", "frames", "Foam frames", "泡沫框", 9, ["label", "bag"]),
  row("S120", "carton", "Pull carton over", "套纸箱", 18, ["frames"], true),
];

/** `WorkElements` of docs/guide/engineering-file.md, of the units that are there; undefined where fewer than two have any. */
export function workElements(id: string, units: readonly UnitId[]): Submodel | undefined {
  const present = rows.filter(({ unit }) => units.includes(unit));
  if (new Set(present.map(({ unit }) => unit)).size < 2) return undefined;
  const known = new Set(present.map((one) => one.id));
  const nominal = nominalTable();
  const total = (unit: UnitId): number => rows.reduce((sum, one) => (one.unit === unit ? sum + one.share : sum), 0);
  return {
    modelType: "Submodel",
    idShort: "WorkElements",
    id,
    semanticId: externalReference("urn:doppelwerk:submodel:work-elements:1:0"),
    submodelElements: [
      list(
        "Elements",
        present.map((one) => [
          text("Id", one.id),
          multiLanguage("Title", languages(one.en, one.zh)),
          text("Station", one.unit),
          decimal("Time", Number(((nominal.find(({ id: unit }) => unit === one.unit)!.cycleS * one.share) / total(one.unit)).toFixed(2))),
          ...(one.after.some((name) => known.has(name)) ? [text("After", one.after.filter((name) => known.has(name)).join(" "))] : []),
          truth("Fixed", one.fixed ?? false),
        ]),
      ),
    ],
  };
}
