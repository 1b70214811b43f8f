import type { Solid, Stage } from "@doppelwerk/kit";
import { CARTON } from "./carton.ts";

type Look = NonNullable<Stage["product"]>;
type Profile = NonNullable<Solid["profile"]>;

// 0.6 m wide, 0.58 m deep, 0.85 m high, its front towards +z

function feet(z: number): readonly Solid[] {
  return [-0.23, 0.23].flatMap((x) =>
    [-z, z].map((at): Solid => ({
      shape: "cylinder",
      slot: "dark",
      at: [x, 0, at],
      size: [0.044, 0.024, 0.044],
      segments: 8,
      lines: false,
    })),
  );
}

const RING: Profile = [
  [0.72, 0.111],
  [1, 0.111],
  [1, 0.611],
  [0.93, 1],
  [0.76, 1],
  [0.72, 0.556],
  [0.72, 0.111],
];

const GLASS: Profile = [
  [0, 0.118],
  [1, 0.118],
  [1, 0.529],
  [0.563, 0.882],
  [0, 1],
];

/** Chrome ring, glass and handle. */
const PORTHOLE: readonly Solid[] = [
  {
    shape: "cylinder",
    slot: "steel",
    at: [0, 0.211, 0.258],
    size: [0.36, 0.36, 0.036],
    axis: "z",
    profile: RING,
    segments: 32,
    lines: "near",
  },
  {
    shape: "cylinder",
    slot: "screen",
    at: [0, 0.2632, 0.257],
    size: [0.2556, 0.2556, 0.034],
    axis: "z",
    profile: GLASS,
    segments: 32,
    lines: false,
  },
  { shape: "block", slot: "dark", at: [0.155, 0.336, 0.27], size: [0.03, 0.11, 0.018], chamfer: 0.006, lines: false, isDetail: true },
];

/** Display, knob, drawer and keys. */
const PANEL: readonly Solid[] = [
  { shape: "block", slot: "light", at: [0, 0.675, 0.244], size: [0.58, 0.125, 0.016], chamfer: 0.005 },
  { shape: "block", slot: "screen", at: [0.072, 0.705, 0.253], size: [0.12, 0.06, 0.004], chamfer: 0, lines: false },
  {
    shape: "cylinder",
    slot: "dark",
    at: [-0.042, 0.704, 0.261],
    size: [0.066, 0.066, 0.022],
    axis: "z",
    segments: 16,
    chamfer: 0.006,
    lines: false,
  },
  { shape: "block", slot: "product", at: [-0.192, 0.685, 0.252], size: [0.162, 0.105, 0.006], chamfer: 0, lines: "near" },
  ...[0.18, 0.208, 0.236, 0.264].map((x): Solid => ({
    shape: "block",
    slot: "dark",
    at: [x, 0.73, 0.253],
    size: [0.014, 0.014, 0.004],
    chamfer: 0,
    lines: false,
    isDetail: true,
  })),
];

const CLOSED: readonly Solid[] = [
  ...feet(0.195),
  { shape: "block", slot: "product", at: [0, 0.02, -0.025], size: [0.6, 0.79, 0.53], chamfer: 0.016 },
  { shape: "block", slot: "product", at: [0, 0.812, -0.023], size: [0.6, 0.038, 0.534], chamfer: 0.012 },
  ...PANEL,
  ...PORTHOLE,
  { shape: "block", slot: "light", at: [0.198, 0.05, 0.241], size: [0.13, 0.08, 0.008], chamfer: 0, lines: false },
  { shape: "block", slot: "dark", at: [0, 0.026, 0.236], size: [0.58, 0.012, 0.01], chamfer: 0, lines: false },
];

/** Side walls, base, back, braces and front frame. */
const CABINET: readonly Solid[] = [
  ...feet(0.22),
  ...[-0.29, 0.29].map((x): Solid => ({ shape: "block", slot: "product", at: [x, 0.02, 0], size: [0.02, 0.83, 0.58], chamfer: 0.006 })),
  { shape: "block", slot: "product", at: [0, 0.02, 0], size: [0.558, 0.05, 0.57], chamfer: 0.004 },
  { shape: "block", slot: "product", at: [0, 0.07, -0.28], size: [0.558, 0.73, 0.02], chamfer: 0 },
  ...[-0.26, 0.26].map((z): Solid => ({ shape: "block", slot: "steel", at: [0, 0.81, z], size: [0.558, 0.035, 0.05], chamfer: 0.004 })),
  { shape: "block", slot: "steel", at: [0, 0.07, 0.27], size: [0.558, 0.05, 0.03], chamfer: 0.004, lines: false },
];

const DRUM: Profile = [
  [0, 0],
  [0.86, 0],
  [1, 0.11],
  [1, 0.835],
  [0.9, 0.945],
  [0.62, 0.945],
  [0.6, 1],
  [0.54, 1],
  [0.54, 0.901],
  [0, 0.901],
];

/** Tub with drum mouth, counterweights, motor and belt pulley; its axis at this height. */
function tub(y: number): readonly Solid[] {
  return [
    {
      shape: "cylinder",
      slot: "body",
      at: [0, y - 0.246, 0.0025],
      size: [0.492, 0.492, 0.4542],
      axis: "z",
      profile: DRUM,
      segments: 28,
      lines: "near",
    },
    {
      shape: "cylinder",
      slot: "dark",
      at: [0, y - 0.1525, -0.2376],
      size: [0.305, 0.305, 0.024],
      axis: "z",
      segments: 24,
      lines: false,
    },
    { shape: "block", slot: "light", at: [0, y + 0.1525, 0.1846], size: [0.2706, 0.1, 0.07], chamfer: 0.02, lines: "near" },
    { shape: "block", slot: "light", at: [0, y - 0.2312, 0.1846], size: [0.2214, 0.09, 0.06], chamfer: 0.02, lines: false },
    {
      shape: "cylinder",
      slot: "dark",
      at: [0.1, y - 0.341, -0.0545],
      size: [0.12, 0.12, 0.2],
      axis: "z",
      segments: 14,
      chamfer: 0.01,
      lines: false,
    },
  ];
}

const TUB_ALONE: readonly Solid[] = [
  ...tub(0.357),
  ...[-0.1476, 0.1476].map((x): Solid => ({
    shape: "block",
    slot: "steel",
    at: [x, 0, 0],
    size: [0.05, 0.1651, 0.3004],
    chamfer: 0.006,
    lines: false,
  })),
];

const of = (solids: readonly Solid[]): Look["open"] => ({ kind: "solids", parameters: { solids } });

/** Washing machines and tumble dryers: a bare cabinet, joined by a tub, closed, and packed. */
export const WASHING_MACHINE: Look = {
  begun: of(CABINET),
  open: of([...CABINET, ...tub(0.3995)]),
  closed: of(CLOSED),
  joining: of(TUB_ALONE),
  packed: of(CARTON),
};
