import type { LineDocuments, LineModels } from "@doppelwerk/ports";
import type { Principal, WorldView } from "@doppelwerk/world";
import type { LineOfShells } from "../line-of-shells.ts";
import type { Lines } from "../lines.ts";
import { buildLinesExperiment } from "./lines-experiment.ts";
import { closedShifts, partsAShift } from "./closed-shifts.ts";

export interface LineModelsOptions {
  readonly lines: Lines;
  view(principal: Principal): WorldView;
  isHistoryRead(): boolean;
  /** Callbacks for what was derived again; the fold calls them. */
  readonly derived: Set<() => void>;
}

/** The lines as features simulate them. */
export function lineModelsPort({ lines, view, isHistoryRead, derived }: LineModelsOptions): LineModels {
  return {
    lines: async () => lines.ids(),
    factors: async (principal, branch, id) => lines.of(id).factors(view(principal), branch),
    parameters: async (principal, branch, id) => lines.of(id).parameters(view(principal), branch),
    drift: async (fittedAt, id) => lines.of(id).drift(fittedAt),
    experiment: (principal, branch, request) => lines.of(request.line).experiment(view(principal), branch, request),
    async together(principal, branch, { lines: ids, ...request }) {
      const inputs = [];
      for (const id of ids) inputs.push(await lines.of(id).experimentInput(view(principal), branch, request));
      return buildLinesExperiment(inputs);
    },
    points: (principal, branch, request, values) => lines.of(request.line).points(view(principal), branch, request, values),
    async documents(principal, branch, id) {
      const line = lines.of(id);
      return documentsOf(line.lineOn(view(principal), branch), line.readings ? partsAShift(line.readings) : new Map<string, number>());
    },
    backtestOrigins: async (id) => lines.of(id).backtestOrigins(),
    backtestModel: (origin, id) => lines.of(id).backtestModel(origin),
    async closedShifts(id) {
      const { readings } = lines.of(id);
      return readings ? closedShifts(readings) : [];
    },
    isHistoryRead: async () => isHistoryRead(),
    followDerived(listener) {
      derived.add(listener);
      return () => void derived.delete(listener);
    },
  };
}

function documentsOf({ described }: LineOfShells, parts: ReadonlyMap<string, number>): LineDocuments {
  const documents = described.documents();
  return {
    ...documents,
    stations: documents.stations.map((station) => ({ ...station, ...(parts.has(station.id) && { partsAShift: parts.get(station.id)! }) })),
    footprints: described.stage().stations.map(({ id, footprint }) => ({ station: id, ...footprint })),
  };
}
