/** What a controller does in one step of a programme; the numbers are those of its function word. */
export const functions = {
  idle: 0,
  load: 1,
  fill: 2,
  heat: 3,
  dose: 4,
  hold: 5,
  cool: 6,
  sample: 7,
  addition: 8,
  drain: 9,
  rinse: 10,
  unload: 11,
} as const;
export type FunctionName = keyof typeof functions;

export type TankId = "SALT" | "ALKALI" | "DYES" | "ACID";

/** One step of a programme (a phase of ISA-88). Minutes, °C, K/min, litres a kilogram. */
export interface Step {
  readonly unit: "prepare" | "dye" | "wash";
  readonly run: FunctionName;
  readonly minutes?: number;
  readonly to?: number;
  readonly gradient?: number;
  /** Water of a fill or an overflow rinse, or what is dosed, litres a kilogram of goods. */
  readonly litres?: number;
  readonly tank?: TankId;
}

export interface Recipe {
  readonly code: string;
  readonly en: string;
  readonly zh: string;
  readonly fibre: "cotton" | "polyester";
  readonly steps: readonly Step[];
}

const fill = (unit: Step["unit"], litres: number): Step => ({ unit, run: "fill", litres });
const heat = (unit: Step["unit"], to: number, gradient: number): Step => ({ unit, run: "heat", to, gradient });
const cool = (unit: Step["unit"], to: number, gradient: number): Step => ({ unit, run: "cool", to, gradient });
const hold = (unit: Step["unit"], minutes: number): Step => ({ unit, run: "hold", minutes });
const dose = (unit: Step["unit"], tank: TankId, litres: number, minutes: number): Step => ({ unit, run: "dose", tank, litres, minutes });
const rinse = (unit: Step["unit"], litres: number, minutes: number): Step => ({ unit, run: "rinse", litres, minutes });
const drain = (unit: Step["unit"]): Step => ({ unit, run: "drain" });
const begin: Step = { unit: "prepare", run: "load", minutes: 15 };
const end: Step = { unit: "wash", run: "unload", minutes: 15 };
const sample: Step = { unit: "dye", run: "sample", minutes: 10 };

function reactive(code: string, en: string, zh: string, salt: number, soaps: number): Recipe {
  const soap = [fill("wash", 6), heat("wash", 95, 4), hold("wash", 10), cool("wash", 80, 4), drain("wash")];
  return {
    code,
    en,
    zh,
    fibre: "cotton",
    steps: [
      begin,
      fill("prepare", 6),
      heat("prepare", 98, 3),
      hold("prepare", 20),
      cool("prepare", 80, 3),
      drain("prepare"),
      fill("prepare", 6),
      dose("prepare", "ACID", 0.02, 3),
      hold("prepare", 8),
      drain("prepare"),
      fill("dye", 6),
      heat("dye", 60, 2),
      dose("dye", "SALT", salt, 15),
      dose("dye", "DYES", 0.3, 20),
      hold("dye", 15),
      dose("dye", "ALKALI", 0.4, 30),
      hold("dye", 40),
      sample,
      drain("dye"),
      fill("wash", 6),
      rinse("wash", 12, 10),
      drain("wash"),
      fill("wash", 6),
      dose("wash", "ACID", 0.02, 3),
      hold("wash", 8),
      drain("wash"),
      ...Array.from({ length: soaps }, () => soap).flat(),
      fill("wash", 6),
      rinse("wash", 9, 8),
      drain("wash"),
      fill("wash", 6),
      hold("wash", 10),
      drain("wash"),
      end,
    ],
  };
}

export const recipes: readonly Recipe[] = [
  reactive("RC60-DARK", "Reactive 60 °C, dark shade", "活性染料 60 °C，深色", 1.2, 2),
  reactive("RC60-PALE", "Reactive 60 °C, pale shade", "活性染料 60 °C，浅色", 0.5, 1),
  {
    code: "PD130",
    en: "Disperse 130 °C, polyester",
    zh: "分散染料 130 °C，涤纶",
    fibre: "polyester",
    steps: [
      begin,
      fill("dye", 5),
      heat("dye", 60, 3),
      dose("dye", "DYES", 0.25, 15),
      dose("dye", "ACID", 0.02, 3),
      heat("dye", 130, 1.5),
      hold("dye", 30),
      cool("dye", 80, 1.5),
      sample,
      drain("dye"),
      fill("wash", 5),
      heat("wash", 80, 3),
      dose("wash", "ALKALI", 0.1, 5),
      hold("wash", 20),
      drain("wash"),
      fill("wash", 5),
      rinse("wash", 6, 6),
      drain("wash"),
      fill("wash", 5),
      hold("wash", 5),
      drain("wash"),
      end,
    ],
  },
];

/** What follows a sample that is off shade: more dye, time, and another sample. */
export const addition: readonly Step[] = [
  { unit: "dye", run: "addition", tank: "DYES", litres: 0.05, minutes: 8 },
  hold("dye", 25),
  sample,
];
