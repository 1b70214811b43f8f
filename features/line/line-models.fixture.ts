import { createLineEngine } from "@doppelwerk/operations";
import type { LineDocuments, LineModels } from "@doppelwerk/ports";
import { LIVE, type BranchId, type Instant, type Principal, type WorldView } from "@doppelwerk/world";
import type { RecordReader } from "@doppelwerk/world";
import { lineSource } from "../../packs/discrete-line/src/line-source.ts";
import { buildExperiment } from "./server/models/experiment-builder.ts";
import { readLine as readLineFrom, shownFactors, type LineOfShells } from "./server/line-of-shells.ts";
import { overlaid } from "./server/models/overlaid-reader.ts";
import { zoneOffsetOf } from "@doppelwerk/operations";

export { shownFactors };

export function readLine(reader: RecordReader, at: Instant): LineOfShells | undefined {
  return readLineFrom([lineSource], { reader, at });
}

/** The line of a world as its shells describe it and nothing was observed yet; `partsAShift` stands for a history. */
export function lineModelsOf(
  view: (principal: Principal) => WorldView,
  now: Instant,
  partsAShift: Readonly<Record<string, number>> = {},
): Pick<LineModels, "factors" | "experiment" | "together" | "points" | "documents" | "isHistoryRead"> {
  const lineOn = (principal: Principal, branch: BranchId): LineOfShells => readLine(view(principal).reader(branch), now)!;
  return {
    factors: async (principal, branch) => shownFactors(lineOn(principal, LIVE), lineOn(principal, branch)),
    async experiment(principal, branch, request) {
      const base = lineOn(principal, LIVE);
      const engine = createLineEngine(base.definition, { zoneOffset: zoneOffsetOf(base.definition.timeZone), rules: [], extract: true });
      return buildExperiment({
        base,
        edited: lineOn(principal, branch),
        at: engine,
        observations: { all: [], recent: [] },
        request,
        instant: now,
        calendar: engine.calendar,
        diffHash: branch === LIVE ? "" : view(principal).planMerge(branch).diffHash,
      });
    },
    together: () => Promise.reject(new Error("there is one line")),
    async points(principal, branch, _request, values) {
      const nominal = lineOn(principal, LIVE).lineModel;
      const models = values.map((each) => {
        const edited = readLine(overlaid(view(principal).reader(branch), each), now)!.lineModel;
        return { nominal, edited: JSON.stringify(edited) === JSON.stringify(nominal) ? nominal : edited, parameters: [] };
      });
      return { models, start: now, horizonS: 6 * 3600, warnings: [], warningsTold: [] };
    },
    async documents(principal, branch): Promise<LineDocuments> {
      const { described } = lineOn(principal, branch);
      const documents = described.documents();
      return {
        ...documents,
        stations: documents.stations.map((station) => ({
          ...station,
          ...(station.id in partsAShift && { partsAShift: partsAShift[station.id]! }),
        })),
        footprints: described.stage().stations.map(({ id, footprint }) => ({ station: id, ...footprint })),
      };
    },
    isHistoryRead: async () => true,
  };
}
