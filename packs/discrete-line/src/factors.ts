import type { LineFactor, LocalText } from "@doppelwerk/kit";
import type { Plant, PlantStation, PlantValue, StationValueName } from "./plant.ts";

interface Kind {
  readonly label: LocalText;
  readonly unit: string;
  readonly group: LineFactor["group"];
  readonly propertyClass: LineFactor["propertyClass"];
  readonly parameter?: string;
  readonly range: (value: number) => { readonly min: number; readonly max: number; readonly step: number };
}

const whole =
  (most: (value: number) => number, least = 0) =>
  (value: number) => ({ min: least, max: most(value), step: 1 });
const share = (low: number, high: number) => (value: number) => ({
  min: round(value * low),
  max: round(value * high),
  step: stepOf(value),
});

const KINDS: Readonly<Partial<Record<StationValueName, Kind>>> = {
  NumberOfPlaces: {
    label: { en: "Places", zh: "工位数" },
    unit: "1",
    group: "places",
    propertyClass: "logistics",
    range: whole((value) => value + Math.max(2, value), 1),
  },
  BufferCapacity: {
    label: { en: "Buffer before", zh: "前缓存容量" },
    unit: "1",
    group: "buffer",
    propertyClass: "logistics",
    range: whole((value) => Math.max(20, value * 3)),
  },
  IdealCycleTime: {
    label: { en: "Cycle time", zh: "节拍时间" },
    unit: "s",
    group: "cycle",
    propertyClass: "quality",
    parameter: "cycle/",
    range: share(0.7, 1.3),
  },
  Operators: {
    label: { en: "Operators per place", zh: "每并行位操作员" },
    unit: "1",
    group: "operators",
    propertyClass: "logistics",
    range: whole((value) => value + 3),
  },
  MeanTimeToRepair: {
    label: { en: "Time to repair", zh: "平均修复时间" },
    unit: "min",
    group: "repair",
    propertyClass: "logistics",
    parameter: "stopDuration/failure",
    range: share(0.2, 2),
  },
  MeanOperatingTimeBetweenFailures: {
    label: { en: "Operating time between failures", zh: "平均无故障运行时间" },
    unit: "min",
    group: "interval",
    propertyClass: "logistics",
    parameter: "stopBetween/failure",
    range: share(0.3, 4),
  },
  MicroStopInterval: {
    label: { en: "Time between micro-stops", zh: "小停机间隔" },
    unit: "min",
    group: "interval",
    propertyClass: "logistics",
    parameter: "stopBetween/microStop",
    range: share(0.3, 4),
  },
  MicroStopDuration: {
    label: { en: "Length of a micro-stop", zh: "小停机时长" },
    unit: "s",
    group: "repair",
    propertyClass: "logistics",
    parameter: "stopDuration/microStop",
    range: share(0.2, 2),
  },
  RejectRate: {
    label: { en: "Reject rate", zh: "不良率" },
    unit: "1",
    group: "other",
    propertyClass: "quality",
    parameter: "reject/1",
    range: (value) => ({ min: 0, max: Math.min(1, round(value * 3)), step: 0.001 }),
  },
  RetestRejectRate: {
    label: { en: "Reject rate of a retest", zh: "复测不良率" },
    unit: "1",
    group: "other",
    propertyClass: "quality",
    parameter: "reject/2",
    range: (value) => ({ min: 0, max: Math.min(1, round(value * 3)), step: 0.001 }),
  },
  MaxTries: {
    label: { en: "Maximum attempts", zh: "最大测试次数" },
    unit: "1",
    group: "other",
    propertyClass: "quality",
    range: whole((value) => value + 3, 1),
  },
};

/** A number that the component of a station is given; only its pack knows more of it. */
const PARAMETER: Omit<Kind, "label"> = { unit: "1", group: "other", propertyClass: "quality", range: share(0.5, 1.5) };

/** `NominalLoad` → `Nominal load`. */
function wordsOf(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Everything of the plant that an experiment can change, stations in the order of the line, then what belongs to the line. */
export function factors(plant: Plant): readonly LineFactor[] {
  return [...plant.stations.flatMap((station) => stationFactors(station, plant.attributeTitles)), ...lineFactors(plant)];
}

function setUpLabel(attribute: string, title: LocalText | undefined): LocalText {
  const { en, zh } = title ?? { en: wordsOf(attribute), zh: `属性 ${attribute} ` };
  return { en: `Set-up on change of ${en.toLowerCase()}`, zh: `${zh}换型时间` };
}

function stationFactors(station: PlantStation, titles: Plant["attributeTitles"]): readonly LineFactor[] {
  const own = (Object.entries(KINDS) as [StationValueName, Kind][]).flatMap(([name, kind]) => {
    const value = station.values[name];
    return value ? [factor(`${station.id}/${name}`, station, value, kind)] : [];
  });
  const { logged } = station;
  const worked =
    logged && station.values.IdealCycleTime === undefined
      ? [factor(`${station.id}/LoggedTimes`, station, logged.mean, KINDS.IdealCycleTime!)]
      : [];
  const parameters = Object.entries(station.component?.numbers ?? {}).map(([name, value]) =>
    factor(`${station.id}/Parameter/${name}`, station, value, { ...PARAMETER, label: { en: wordsOf(name), zh: `组件参数 ${name}` } }),
  );
  const setUps = station.setUps.map(({ attribute, duration }) =>
    factor(`${station.id}/SetUp/${attribute}`, station, duration, {
      label: setUpLabel(attribute, Object.hasOwn(titles, attribute) ? titles[attribute] : undefined),
      unit: "s",
      group: "other",
      propertyClass: "logistics",
      parameter: `setUp/${attribute}`,
      range: share(0.1, 2),
    }),
  );
  return [...own, ...worked, ...parameters, ...setUps];
}

function lineFactors(plant: Plant): readonly LineFactor[] {
  const of = (name: string, value: PlantValue | undefined, kind: Kind) =>
    value ? [factor(`${plant.id}/${name}`, undefined, value, kind)] : [];
  // a buffer that several stations of a line stand before is one property
  const inlets = new Map(plant.ends.flatMap(({ side, buffer }) => (side === "inlet" ? [[buffer.shell, buffer] as const] : [])));
  const buffers = [...inlets.values()].flatMap(({ idShort, title, capacity }) =>
    of(`${idShort}/Capacity`, capacity, {
      label: { en: `Shared buffer ${title.en}`, zh: `共享缓存 ${title.zh}` },
      unit: "1",
      group: "buffer",
      propertyClass: "logistics",
      range: whole((value) => Math.max(20, value * 3)),
    }),
  );
  return [
    ...buffers,
    ...of("NumberOfCarriers", plant.carriers?.count, {
      label: { en: "Carriers", zh: "载具数" },
      unit: "1",
      group: "carriers",
      propertyClass: "logistics",
      range: whole((value) => value * 2, 1),
    }),
    ...of("DirectOperators", plant.directOperators, {
      label: { en: "Direct operators", zh: "直接操作员" },
      unit: "1",
      group: "operators",
      propertyClass: "logistics",
      range: whole((value) => value + 6, 1),
    }),
    ...of("MaintenanceTechnicians", plant.technicians, {
      label: { en: "Maintenance technicians", zh: "维修技师" },
      unit: "1",
      group: "operators",
      propertyClass: "logistics",
      range: whole((value) => value + 4, 1),
    }),
    ...(plant.resources ?? []).flatMap(({ id, title, count }) =>
      of(`Resource/${id}`, count, {
        label: title,
        unit: "1",
        group: "other",
        propertyClass: "logistics",
        range: whole((value) => value + 3, 0),
      }),
    ),
    ...of("NumberOfAgvs", plant.logistics?.vehicles, {
      label: { en: "Automated guided vehicles", zh: "AGV 数量" },
      unit: "1",
      group: "other",
      propertyClass: "logistics",
      range: whole((value) => value + 4, 1),
    }),
  ];
}

function factor(key: string, station: PlantStation | undefined, value: PlantValue, kind: Kind): LineFactor {
  const { min, max, step } = kind.range(value.value);
  return {
    elementId: value.element,
    submodelId: value.submodel,
    path: value.path,
    key,
    ...(station ? { station: station.id } : {}),
    label: kind.label,
    unit: kind.unit,
    asIs: value.value,
    ...(value.planned ? { planned: value.planned } : {}),
    min: Math.min(min, value.value),
    max: Math.max(max, value.value),
    step,
    group: kind.group,
    ...(kind.parameter === undefined ? {} : { parameter: kind.parameter }),
    propertyClass: kind.propertyClass,
  };
}

const round = (value: number) => Number(value.toPrecision(3));

/** A step of about one per cent, as 1, 2 or 5 times a power of ten. */
function stepOf(value: number): number {
  if (!(value > 0)) return 0.1;
  const power = 10 ** Math.floor(Math.log10(value / 100));
  const share = value / 100 / power;
  return round(power * (share < 2 ? 1 : share < 5 ? 2 : 5));
}
