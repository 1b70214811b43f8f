// A plant of many years and hands: 12,000 nodes of which some 300 matter, German and Chinese names, no companion specification. The truth is kept apart.
import type { OfferedVariable } from "./offered.ts";

export interface Brownfield {
  readonly variables: readonly OfferedVariable[];
  /** address → what it really is. Everything else is nothing that anyone should take. */
  readonly truth: ReadonlyMap<string, { readonly station: string; readonly role: string }>;
  readonly stations: readonly string[];
}

type Kind = OfferedVariable["valueType"];
type Spoken = readonly (readonly [name: string, type: Kind, unit?: string])[];

/** How four programmers wrote the same things; some of it nobody outside can read. */
const ROLES: Readonly<Record<string, readonly Spoken[]>> = {
  Good: [
    [
      ["Zaehler_IO", "integer"],
      ["Gutteile_ges", "integer"],
      ["AnzGut", "integer"],
    ],
    [
      ["合格数量", "integer"],
      ["良品计数", "integer"],
    ],
    [
      ["ZW_01", "integer"],
      ["N_A", "integer"],
    ],
  ],
  Reject: [
    [
      ["Zaehler_NIO", "integer"],
      ["Ausschuss_ges", "integer"],
    ],
    [
      ["不良品数量", "integer"],
      ["废品计数", "integer"],
    ],
    [["ZW_02", "integer"]],
  ],
  Total: [
    [
      ["Gesamtstückzahl", "integer"],
      ["Teile_gesamt", "integer"],
    ],
    [["总产量", "integer"]],
    [["ZW_03", "integer"]],
  ],
  VendorState: [
    [
      ["Betriebszustand", "integer"],
      ["Zustand", "integer"],
    ],
    [
      ["状态", "integer"],
      ["设备状态", "integer"],
    ],
    [["SW", "integer"]],
  ],
  LastCycle: [
    [
      ["Taktzeit_Ist", "double", "s"],
      ["Zykluszeit", "double", "s"],
    ],
    [["节拍时间", "double", "s"]],
    [["t_Z", "double"]],
  ],
  Starved: [[["Teilemangel", "boolean"]], [["缺料", "boolean"]], [["b_14", "boolean"]]],
  Blocked: [[["Stau", "boolean"]], [["堵料", "boolean"]], [["b_15", "boolean"]]],
  Temperature: [
    [
      ["Temp_Lager", "double", "°C"],
      ["Temperatur_Ofen", "double", "°C"],
    ],
    [["温度", "double", "°C"]],
    [["AI_3", "double"]],
  ],
  Pressure: [[["Druck_Hydraulik", "double", "bar"]], [["压力", "double", "bar"]], [["AI_4", "double"]]],
  ElectricCurrent: [[["Motorstrom", "double", "A"]], [["电流", "double", "A"]], [["AI_5", "double"]]],
  Energy: [[["Energie_Wirk", "double", "kWh"]], [["电能", "double", "kWh"]], [["E_kum", "double"]]],
};

/** Everything near it that is none of it: settings, yesterday's counts, I/O bytes, timers, spares, texts of panels. */
const TRAPS: Spoken = [
  ["Temp_Soll", "double", "°C"],
  ["Zaehler_IO_alt", "integer"],
  ["Zaehler_IO_Vortag", "integer"],
  ["IO_Byte_12", "integer"],
  ["Druck_Grenzwert", "double", "bar"],
  ["HMI_Anzeige_Temp", "double", "°C"],
  ["Taktzeit_Vorwahl", "double", "s"],
  ["Zaehler_NotAus", "integer"],
  ["Anz_Quittierungen", "integer"],
  ["Reserve_17", "integer"],
  ["Stoerung_Zaehler", "integer"],
  ["Status_Word_4", "integer"],
  ["Zustand_Schutztuer", "boolean"],
  ["TON_12_ET", "integer"],
  ["Flanke_Start", "boolean"],
  ["设定温度", "double", "°C"],
  ["备用_3", "integer"],
  ["调试计数", "integer"],
  ["温度上限", "double", "°C"],
  ["配方编号", "integer"],
  ["报警计数", "integer"],
  ["Betriebsstunden", "double", "h"],
  ["Betriebsart_Vorwahl", "integer"],
  ["Produkt_Rezept", "string"],
  ["Drehzahl_Sollwert", "double", "1/min"],
  ["Stau_Quittung", "boolean"],
  ["Gutteile_Vorwahl", "integer"],
  ["Druck_Offset", "double", "bar"],
  ["Status_Roboter_IO", "integer"],
  ["Anz_Stoerungen", "integer"],
  ["Anzahl_Werkzeugwechsel", "integer"],
  ["Zaehler_Puffer_Gut", "integer"],
  ["Test_Zaehler_NIO", "integer"],
  ["Temp_Schaltschrank_max", "double", "°C"],
  ["历史产量_昨日", "integer"],
  ["Menge_Oel", "integer"],
  ["Strom_Faktor", "double"],
  ["Level", "integer"],
  ["OK_Taste", "boolean"],
  ["Anz_Gut_Palette", "integer"],
  ["Teile_gut_Charge", "integer"],
  ["Zaehler_IO_Pruefstand", "integer"],
  ["Summe", "integer"],
  ["Gesamt_Betriebsstunden", "integer"],
  ["Zustand_Ventil_3", "integer"],
  ["Takt_Foerderband", "double", "s"],
  ["Stückzahl_Karton", "integer"],
  ["合格证编号", "integer"],
  ["托盘数量", "integer"],
  ["Status_Tuer", "integer"],
  ["Temperatur", "string"],
  ["Zyklus_Wartung", "integer"],
  ["Druck_OK", "boolean"],
  ["Energie_Preis", "double", "EUR"],
  ["Anz_Gut_Schicht_Soll", "integer"],
];

const NOISE = [
  "DB_Intern",
  "Merker",
  "Timer",
  "HMI",
  "Rezept",
  "Diag",
  "Backup_2016",
  "Antriebe/Param",
  "EA_Abbild",
  "系统",
  "Sicherheit",
  "Bibliothek",
];
const NOISE_WORDS = [
  "M",
  "x",
  "w",
  "tmp",
  "Hilf",
  "FB",
  "inst",
  "Fehlertext",
  "Index",
  "Ptr",
  "Zaehler",
  "Temp",
  "Status",
  "Druck",
  "位",
  "变量",
  "数据",
  "计数",
  "ok",
  "rd",
  "Kenn",
  "Ausw",
  "Strom",
  "Takt",
];

/** The same seed gives the same plant. `nodes` in all; 14 stations on two lines. */
export function brownfield(seed: number, nodes = 12_000): Brownfield {
  const chance = stream(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)]!;
  const variables: OfferedVariable[] = [];
  const truth = new Map<string, { station: string; role: string }>();
  const stations: string[] = [];
  const add = (path: readonly string[], valueType: Kind, unit?: string): string => {
    const address = `nsu=urn:plc;s=${path.join(".")}`;
    variables.push({ path, address, valueType, ...(unit === undefined ? {} : { unit }), hasHistory: false });
    return address;
  };
  for (let n = 0; n < 28; n++) {
    const chinese = n >= 18;
    const number = chinese ? n - 17 : (n + 1) * 10;
    const station = chinese ? `工位${number}` : `ST${String(number).padStart(3, "0")}`;
    stations.push(station);
    const hand = chinese ? 1 : 0;
    const flat = n % 3 === 0;
    const top = chinese ? "二号产线PLC" : "S7_Hauptsteuerung";
    const where = (name: string) => (flat ? [top, "Global", `${station}_${name}`] : [top, `DB_${station}`, name]);
    for (const [role, hands] of Object.entries(ROLES)) {
      if (chance() < 0.05) continue;
      // one thing in five was named by the hand that nobody can read
      const spoken = hands[chance() < 0.2 ? 2 : hand]!;
      const [name, type, unit] = pick(spoken);
      truth.set(add(where(name), type, chance() < 0.15 ? undefined : unit), { station, role });
    }
    for (let i = 0; i < 22; i++) {
      const [name, type, unit] = pick(TRAPS);
      add(i % 2 === 0 ? where(name) : [top, `DB_${station}`, pick(["Param", "HMI", "Diag", "Sonst"]), name], type, unit);
    }
  }
  for (let i = variables.length; i < nodes; i++) {
    const folder = pick(NOISE).split("/");
    const name = `${pick(NOISE_WORDS)}_${pick(NOISE_WORDS)}${Math.floor(chance() * 100)}`;
    const type = pick(["integer", "boolean", "double", "string"] as const);
    add([pick(["S7_Hauptsteuerung", "二号产线PLC"]), ...folder, `${pick(["FB", "DB", "Inst", "模块"])}${i % 400}`, name], type);
  }
  // a name twice is one node
  const once = [...new Map(variables.map((variable) => [variable.address, variable])).values()];
  return { variables: once, truth, stations };
}

/** mulberry32: fine for a made-up plant. */
function stream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}
