import type { LineDocuments, LineModels } from "@doppelwerk/ports";
import type { Stage } from "@doppelwerk/scene";
import type { Principal, WorldView } from "@doppelwerk/world";
import { driftNotice } from "./drift-notice.ts";
import type { LineOfShells } from "../line-of-shells.ts";
import type { LineService } from "../line-service.ts";
import { closedShifts, partsAShift } from "./closed-shifts.ts";

export interface LineModelsOptions {
  readonly line: LineService;
  view(principal: Principal): WorldView;
  isHistoryRead(): boolean;
  /** Callbacks for what was derived again; the fold calls them. */
  readonly derived: Set<() => void>;
}

/** The line as features simulate it. */
export function lineModelsPort({ line, view, isHistoryRead, derived }: LineModelsOptions): LineModels {
  return {
    factors: async (principal, branch) => line.factors(view(principal), branch),
    parameters: async (principal, branch) => line.parameters(view(principal), branch),
    drift: async (fittedAt) => driftNotice(line.readings, fittedAt),
    experiment: (principal, branch, request) => line.experiment(view(principal), branch, request),
    points: (principal, branch, request, values) => line.points(view(principal), branch, request, values),
    documents: async (principal, branch) =>
      documentsOf(line.lineOn(view(principal), branch), line.readings ? partsAShift(line.readings) : new Map<string, number>()),
    backtestOrigins: async () => line.backtestOrigins(),
    backtestModel: (origin) => line.backtestModel(origin),
    closedShifts: async () => (line.readings ? closedShifts(line.readings) : []),
    isHistoryRead: async () => isHistoryRead(),
    followDerived(listener) {
      derived.add(listener);
      return () => void derived.delete(listener);
    },
  };
}

function documentsOf({ plant, stage }: LineOfShells, parts: ReadonlyMap<string, number>): LineDocuments {
  const { shell, takt, flows, products, work } = plant;
  return {
    shell,
    ...(takt && { takt }),
    stations: plant.stations.map(({ id, title, values, addedTimes, layout }) => ({
      id,
      title,
      addedTimes,
      ...(values.IdealCycleTime && { idealCycle: values.IdealCycleTime }),
      ...(layout && { layout }),
      ...(parts.has(id) && { partsAShift: parts.get(id)! }),
    })),
    footprints: (stage() as Stage).stations.map(({ id, footprint }) => ({ station: id, ...footprint })),
    flows,
    products,
    work,
  };
}
