import { formatOfFile, textOf, unpackedFile } from "@doppelwerk/connectors/files";
import type { BrowseResult } from "@doppelwerk/connectors";
import { offerOfDevices } from "@doppelwerk/connectors/mtconnect";
import { message, type Message } from "@doppelwerk/kit";
import { columnsOf } from "@doppelwerk/sim/event-log";
import { DoppelwerkError } from "@doppelwerk/world";
import { columnsIn, eventLogOf, type ChosenColumns } from "@doppelwerk/connectors/event-log";

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
      /** µs since 1970: the first start and the last end. */
      readonly from: number;
      readonly to: number;
      readonly left: number;
      readonly leftFirst?: Message;
      /** What had to be assumed to read it so. */
      readonly assumptions: readonly Message[];
      readonly columns: Readonly<Record<string, string>>;
      readonly header: readonly string[];
      readonly chosen: ChosenColumns;
    }
  /** A table of which nobody here knows which column is what; a person may. */
  | {
      readonly kind: "table";
      readonly why: Message;
      readonly header: readonly string[];
      readonly rows: readonly (readonly string[])[];
      readonly columns: Readonly<Record<string, string>>;
    };

/** What one packed with gzip may hold: logs shrink to a twentieth. */
const MAX_UNPACKED = 256 * 1024 * 1024;

/** Columns of a table that is shown so that a person says which is which, their longest name, and rows of it. */
const MAX_COLUMNS = 200;
const MAX_FIELD = 60;
const ROWS_SHOWN = 3;
/** A case, an activity and a time. */
const MIN_COLUMNS = 3;

/** `chosen` are columns of an event log that a person said. Throws DW_INVALID that says what the file is, and what could be done with it instead. */
export function readPlantFile(name: string, given: Uint8Array, chosen: ChosenColumns = {}): PlantFile {
  const bytes = unpackedFile(name, given, MAX_UNPACKED);
  const format = formatOfFile(bytes);
  const packed = bytes !== given;
  const inZip = format === "aasx" ? otherZip(bytes) : undefined;
  if (inZip === "spreadsheet") throw new DoppelwerkError("DW_INVALID", message("autoTwin.spreadsheetNotRead", { name }));
  if (inZip === "files") throw new DoppelwerkError("DW_INVALID", message("autoTwin.zipOtherFilesAasxNotRead", { name }));
  if (!packed && (format === "aasx" || format === "json")) return { kind: "documents" };
  const text = textOf(bytes);
  if (format === "MTConnectDevices") {
    const found = offerOfDevices(text);
    if (found.drafts.length === 0 && (found.objects ?? []).length === 0)
      throw new DoppelwerkError("DW_INVALID", message("autoTwin.fileDescribesNoDevice", { name }));
    return { kind: "devices", found };
  }
  if (!packed && (format === "environment" || format === "aasenv")) return { kind: "documents" };
  if (format === "log" || format === "table") return eventsOf(name, text, format, chosen);
  if (format === "empty") throw new DoppelwerkError("DW_INVALID", message("autoTwin.fileEmpty", { name }));
  if (packed) throw new DoppelwerkError("DW_INVALID", message("autoTwin.filePackedGzip", { name }));
  if (format === "binary") throw new DoppelwerkError("DW_INVALID", message("autoTwin.fileNoAasx", { name }));
  throw new DoppelwerkError("DW_INVALID", message("autoTwin.xmlFileBeginsEnvironmentAas", { format: format.slice(0, 60), name }));
}

/** What a zip that is no AASX holds; the names of its files stand in it as they are. */
function otherZip(bytes: Uint8Array): "spreadsheet" | "files" | undefined {
  const names = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const holds = (name: string) => names.includes(name, 0, "latin1");
  if (holds("xl/workbook") || holds("Index/Document.iwa") || holds("opendocument.spreadsheet")) return "spreadsheet";
  // an AASX has parts of its own beside the tables that it may hold
  if (holds("aasx") || holds(".rels") || holds("[Content_Types].xml")) return undefined;
  return [".csv", ".xes", ".tsv", ".txt"].some(holds) ? "files" : undefined;
}

function eventsOf(name: string, text: string, format: "log" | "table", chosen: ChosenColumns): PlantFile {
  const { header, rows } = columnsIn(text, ROWS_SHOWN);
  const listed = header.slice(0, MAX_COLUMNS);
  try {
    const log = eventLogOf(text, 0, chosen);
    const activities = [...new Set(log.visits.map(({ activity }) => activity))].toSorted();
    const { first } = log.left;
    return {
      kind: "eventLog",
      text,
      cases: new Set(log.visits.map((visit) => visit.case)).size,
      visits: log.visits.length,
      activities,
      from: log.visits[0]!.start,
      to: log.visits.reduce((last, { end }) => Math.max(last, end), 0),
      left: log.left.rows,
      ...(first === undefined ? {} : { leftFirst: first }),
      assumptions: log.assumptions,
      columns: log.columns as Readonly<Record<string, string>>,
      header: listed,
      chosen,
    };
  } catch (error) {
    if (format === "log" || !(error instanceof DoppelwerkError)) throw error;
    const why = error.reason;
    if (header.length < MIN_COLUMNS || rows.length === 0)
      throw new DoppelwerkError("DW_INVALID", message("autoTwin.noEventLog", { why, name }));
    const columns = Object.fromEntries(Object.entries(columnsOf(header, chosen)).map(([column, index]) => [column, header[index]!]));
    return {
      kind: "table",
      why,
      header: listed,
      rows: rows.map((row) => row.slice(0, MAX_COLUMNS).map((field) => field.slice(0, MAX_FIELD))),
      columns,
    };
  }
}
