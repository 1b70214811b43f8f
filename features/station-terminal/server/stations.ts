import { DoppelwerkError, message, recordOfAasId } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { LineFlow } from "@doppelwerk/ports";
import { LIVE, type RecordId } from "@doppelwerk/world";
import type { TerminalStation } from "../contract.ts";
import type {} from "../message-codes.ts";

export interface KnownStation extends TerminalStation {
  /** Id of the record of its shell. */
  readonly subject: RecordId;
}

/** Stations whose shells may be read. */
export async function knownStations(flow: LineFlow, view: PlantView): Promise<readonly KnownStation[]> {
  const reader = view.documents.reader(LIVE);
  const { lines } = await flow.lines();
  return lines.flatMap((line) =>
    line.stations.flatMap(({ id, title, shell }) => {
      const found = recordOfAasId(reader, "shell", shell);
      return found === undefined ? [] : [{ line: line.id, lineTitle: line.title, station: id, title, subject: found.id }];
    }),
  );
}

/** Errors: DW_NOT_FOUND, also of one that may not be read. */
export async function requireStation(flow: LineFlow, view: PlantView, station: string): Promise<KnownStation> {
  const found = (await knownStations(flow, view)).find((each) => each.station === station);
  if (found === undefined)
    throw new DoppelwerkError("DW_NOT_FOUND", message("stationTerminal.noStation", { station: station.slice(0, 200) }));
  return found;
}

export const shownStation = ({ subject: _subject, ...station }: KnownStation): TerminalStation => station;
