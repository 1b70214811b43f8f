import { operation } from "@doppelwerk/kit/studio";
import type { Batch } from "../model/batch.ts";
import type { AssignmentDocument, LotDocument, MachineDocument, RangeDocument, RecipeDocument, TankDocument } from "../model/documents.ts";
import type { Programme } from "../model/programme.ts";
import type { WhatIfSide } from "../server/what-if.ts";

export interface Overview {
  readonly machines: readonly (MachineDocument & { readonly phaseSignal?: string; readonly deviationSignal?: string })[];
  readonly ranges: readonly RangeDocument[];
  readonly tanks: readonly TankDocument[];
  readonly recipes: readonly Pick<RecipeDocument, "code" | "title">[];
  readonly lots: readonly LotDocument[];
  readonly assignments: readonly AssignmentDocument[];
}

export interface Pass {
  readonly range: string;
  readonly lot: string;
  readonly from: number;
  readonly to: number;
  readonly worstDeviationK: number;
  readonly zone: number;
}

export interface WhatIfAnswer {
  readonly lots: number;
  readonly offShade: number;
  readonly asIs: WhatIfSide;
  readonly changed: WhatIfSide;
}

interface Written {
  readonly created: number;
  readonly changed?: number;
  readonly kept: number;
}

export const overview = operation<Overview>("GET /packs/dye-house");
export const setUp = operation<Written>("POST /packs/dye-house/set-up");
export const batches = operation<readonly Batch[]>("GET /packs/dye-house/batches");
export const passes = operation<readonly Pass[]>("GET /packs/dye-house/passes");
export const programme = operation<Programme>("GET /packs/dye-house/programme");
export const whatIf = operation<WhatIfAnswer>("POST /packs/dye-house/what-if");

/** What a load is changed by: documents of the dye house. */
export const byDocuments = { topics: { "dyeHouse.changed": () => true } } as const;
