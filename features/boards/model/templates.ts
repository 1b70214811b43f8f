import type { TileSettings } from "@doppelwerk/ports";
import type { TilePlace } from "./board-kind.ts";

/** A tile of a template: its row, its column in it, and how it is set. */
interface TemplateTile {
  readonly kind: string;
  readonly settings?: TileSettings;
  readonly place: TilePlace;
}

export interface Template {
  readonly id: "shiftLead" | "maintenance" | "manager" | "wall";
  readonly tiles: readonly TemplateTile[];
}

const at = (row: number, column: number, height = 1, width = 1): TilePlace => [
  { key: row, size: height },
  { key: column, size: width },
];
const kpi = (kpi: string, place: TilePlace): TemplateTile => ({ kind: "kpis.value", settings: { kpi }, place });

/** What people begin with: of real tiles of this product, for the first line where none is set. */
export const TEMPLATES: readonly Template[] = [
  {
    id: "shiftLead",
    tiles: [
      kpi("good", at(0, 0, 0.75)),
      kpi("oee", at(0, 1, 0.75)),
      kpi("availability", at(0, 2, 0.75)),
      kpi("qualityRatio", at(0, 3, 0.75)),
      { kind: "line.states", settings: { hours: 4 }, place: at(1, 0, 1.7, 2) },
      { kind: "alarms.active", place: at(1, 1, 1.7, 1.4) },
      { kind: "losses.pareto", settings: { hours: 8 }, place: at(2, 0, 1.5, 1.4) },
      { kind: "shiftPage.overview", place: at(2, 1, 1.5) },
      { kind: "notes.list", settings: { hours: 24 }, place: at(2, 2, 1.5) },
    ],
  },
  {
    id: "maintenance",
    tiles: [
      { kind: "alarms.active", place: at(0, 0, 1.2, 1.4) },
      { kind: "losses.pareto", settings: { hours: 168 }, place: at(0, 1, 1.2) },
      { kind: "line.states", settings: { hours: 8 }, place: at(1, 0, 1.2, 1.6) },
      kpi("availability", at(1, 1, 1.2, 0.6)),
      { kind: "notes.list", settings: { hours: 168 }, place: at(1, 2, 1.2, 1) },
    ],
  },
  {
    id: "manager",
    tiles: [
      { kind: "places.areas", place: at(0, 0, 1, 1.6) },
      kpi("oee", at(0, 1, 1, 0.7)),
      { kind: "kpis.figures", place: at(1, 0, 1.4) },
      { kind: "losses.pareto", settings: { hours: 168 }, place: at(1, 1, 1.4) },
      { kind: "shiftPage.overview", place: at(1, 2, 1.4) },
    ],
  },
  {
    id: "wall",
    tiles: [
      kpi("good", at(0, 0)),
      kpi("oee", at(0, 1)),
      { kind: "line.states", settings: { hours: 4 }, place: at(1, 0, 1.4) },
      { kind: "alarms.active", place: at(2, 0, 1.2) },
    ],
  },
];
