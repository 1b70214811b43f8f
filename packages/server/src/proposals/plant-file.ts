import { formatOfFile, textOf, unpackedFile } from "@doppelwerk/connectors/files";
import type { BrowseResult } from "@doppelwerk/connectors";
import { offerOfDevices } from "@doppelwerk/connectors/mtconnect";
import { DoppelwerkError, said } from "@doppelwerk/world";
import { eventLogOf } from "../event-log/read-log.ts";

/** What a file tells of a plant, by its content and never by its name. */
export type PlantFile =
  /** Documents: shells, submodels, interface descriptions. They are read by the importer. */
  | { readonly kind: "documents" }
  /** The description that an MTConnect agent gives of its devices. */
  | { readonly kind: "devices"; readonly found: BrowseResult }
  | {
      readonly kind: "eventLog";
      readonly text: string;
      readonly cases: number;
      readonly visits: number;
      readonly activities: readonly string[];
      readonly left: number;
    };

/** What one packed with gzip may hold: logs shrink to a twentieth. */
const MOST_UNPACKED = 256 * 1024 * 1024;

/** Throws DW_INVALID that says what the file is, and what could be done with it instead. */
export function readPlantFile(name: string, given: Uint8Array): PlantFile {
  const bytes = unpackedFile(name, given, MOST_UNPACKED);
  const format = formatOfFile(bytes);
  const packed = bytes !== given;
  if (!packed && (format === "aasx" || format === "json")) return { kind: "documents" };
  const text = textOf(bytes);
  if (format === "MTConnectDevices") return { kind: "devices", found: offerOfDevices(text) };
  if (!packed && (format === "environment" || format === "aasenv")) return { kind: "documents" };
  if (format === "log" || format === "table") return eventsOf(name, text, format);
  if (format === "empty") throw new DoppelwerkError("DW_INVALID", said`the file is empty: ${name}`);
  if (packed) throw new DoppelwerkError("DW_INVALID", said`the file is packed with gzip, unpack it first: ${name}`);
  if (format === "binary") throw new DoppelwerkError("DW_INVALID", said`the file is no AASX, JSON, XML or CSV: ${name}`);
  throw new DoppelwerkError(
    "DW_INVALID",
    said`an XML file begins with environment (AAS), MTConnectDevices or log (XES), not with ${format.slice(0, 60)}: ${name}`,
  );
}

function eventsOf(name: string, text: string, format: "log" | "table"): PlantFile {
  try {
    const log = eventLogOf(text);
    const activities = [...new Set(log.visits.map(({ activity }) => activity))].toSorted();
    return {
      kind: "eventLog",
      text,
      cases: new Set(log.visits.map((visit) => visit.case)).size,
      visits: log.visits.length,
      activities,
      left: log.left.rows,
    };
  } catch (error) {
    if (format === "log" || !(error instanceof DoppelwerkError)) throw error;
    throw new DoppelwerkError(
      "DW_INVALID",
      said`no event log (${error.message}); a table of values is connected as a folder (file:///…) or played (replay:///…): ${name}`,
    );
  }
}
