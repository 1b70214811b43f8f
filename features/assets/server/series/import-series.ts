import { Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { semanticIds, warning, type Environment, type Finding, type Submodel, type SubmodelElement } from "@doppelwerk/aas";
import { delimiterOf, parseCsv } from "@doppelwerk/connectors/files";
import {
  hashedId,
  quality,
  type Change,
  type Instant,
  type Quality,
  type RecordId,
  type RecordReader,
  type SampleBatch,
} from "@doppelwerk/world";
import type { SignalRecord } from "@doppelwerk/world";
import { textOfField } from "@doppelwerk/storage/samples-file";
import { instant, message, type Message } from "@doppelwerk/kit";
import type {} from "../../message-codes.ts";
import { carryingSegments, describedColumns, timeSeriesIds, type DescribedColumn } from "./time-series-submodel.ts";

/** Where samples of a file go. */
export interface SampleIntake {
  /** The row of a signal in the live table. */
  indexOf(signal: RecordId): number | undefined;
  /** Resolves when they are on disk. */
  offer(batch: SampleBatch): Promise<void>;
  now(): Instant;
}

/** Reads a CSV file from its first byte. */
type Csv = () => AsyncIterable<Uint8Array>;

/** A segment whose records are to be read, and the signals of its columns. */
interface CarriedSegment {
  readonly path: string;
  /** Records within, or the bytes of a CSV file. */
  readonly content: readonly SubmodelElement[] | Csv;
  readonly columns: readonly DescribedColumn[];
  readonly signals: ReadonlyMap<string, SignalRecord>;
}

/** What the series of a file bring: signals that are not there yet, and segments to read once they are. */
export interface CarriedSeries {
  readonly signals: readonly SignalRecord[];
  readonly segments: readonly CarriedSegment[];
  readonly findings: readonly Finding[];
}

export const noSeries: CarriedSeries = { signals: [], segments: [], findings: [] };

const ROWS_A_BATCH = 10_000;
/** Characters of a file that are cut into fields at a time. */
const PIECE = 1 << 20;
const QUOTE = 34;
const LINE_FEED = 10;

type PackedFiles = ReadonlyMap<string, { readonly pieces: Csv }>;

interface Packed {
  readonly environment: Environment;
  readonly files: PackedFiles;
}

/**
 * The series (IDTA 02008-1-1) of a file whose records come along, in an InternalSegment, or in an ExternalSegment as CSV with a line of the record's
 * names. A column is the signal that its property names, where that is one of this shell, else a signal of its own. `brought`: what else the file changes. What cannot be read is a finding.
 */
export function carriedSeries(reader: RecordReader, { environment, files }: Packed, brought: readonly Change[]): CarriedSeries {
  const made = new Map(brought.flatMap((change) => (change.op === "create" ? [[change.record.id, change.record] as const] : [])));
  const known = (id: RecordId) => (reader.get(id) ?? made.get(id)) as SignalRecord | undefined;
  const signals = new Map<RecordId, SignalRecord>();
  const segments: CarriedSegment[] = [];
  const findings: Finding[] = [];
  for (const submodel of environment.submodels ?? []) {
    if (submodel.semanticId?.keys.at(-1)?.value !== semanticIds.timeSeries || submodel.kind === "Template") continue;
    const carrying = carryingSegments(submodel);
    if (carrying.length === 0) continue;
    const shell = environment.assetAdministrationShells?.find(({ submodels }) =>
      submodels?.some(({ keys }) => keys.at(-1)?.value === submodel.id),
    )?.id;
    const columns = describedColumns(submodel);
    const own = signalsOf(known, submodel, shell, columns, environment);
    for (const segment of carrying) {
      const path = `${submodel.idShort ?? submodel.id}.Segments.${segment.idShort ?? ""}`;
      const content = contentOf(segment.value ?? [], files);
      if (content !== undefined && "why" in content) findings.push(warning(path, "series", content.why));
      else if (content !== undefined) {
        segments.push({ path, content, columns, signals: own });
        for (const signal of own.values()) if (known(signal.id) === undefined) signals.set(signal.id, signal);
      }
    }
  }
  return { signals: [...signals.values()], segments, findings };
}

/** By column. */
function signalsOf(
  known: (id: RecordId) => SignalRecord | undefined,
  submodel: Submodel,
  shell: string | undefined,
  columns: readonly DescribedColumn[],
  environment: Environment,
): ReadonlyMap<string, SignalRecord> {
  return new Map(
    columns
      .filter(({ time, qualityOf }) => time === undefined && qualityOf === undefined)
      .map(({ idShort, name, valueType, unit = unitOfConcept(environment, columns, idShort), signal }) => {
        const isNamed = signal !== undefined && /^signal:[\w-]{1,100}$/.test(signal) && (known(signal)?.shell ?? shell) === shell;
        const id = isNamed ? signal : hashedId("signal", submodel.id, idShort);
        const made: SignalRecord = {
          id,
          kind: "signal",
          name,
          valueType,
          ...(unit === undefined ? {} : { unit }),
          ...(shell === undefined ? {} : { shell }),
        };
        return [idShort, known(id) ?? made];
      }),
  );
}

function unitOfConcept(environment: Environment, columns: readonly DescribedColumn[], idShort: string): string | undefined {
  const concept = columns.find((column) => column.idShort === idShort)?.concept;
  const described = concept === undefined ? undefined : environment.conceptDescriptions?.find(({ id }) => id === concept);
  const contents = described?.embeddedDataSpecifications?.map(({ dataSpecificationContent }) => dataSpecificationContent);
  const unit = contents?.map((content) => (content as { readonly unit?: string } | undefined)?.unit).find((each) => each);
  return unit;
}

type Unreadable = { readonly why: Message };

/** The text of a CSV file, or the records within; undefined = there is nothing. */
function contentOf(parts: readonly SubmodelElement[], files: PackedFiles): Csv | readonly SubmodelElement[] | Unreadable | undefined {
  for (const part of parts) {
    if (part.modelType === "SubmodelElementCollection" && part.idShort === "Records") return part.value ?? [];
    if ((part.modelType !== "File" && part.modelType !== "Blob") || part.value === undefined || part.value === "") continue;
    const { modelType, value } = part;
    const packed: Csv | undefined =
      modelType === "Blob" ? () => Readable.from([Buffer.from(value, "base64")]) : fileOf(files, value)?.pieces;
    if (packed === undefined) return { why: message("assets.segmentFileMissing", { file: part.value.slice(0, 200) }) };
    const type = part.contentType ?? "";
    if (!/^text\/(csv|plain)\b/i.test(type) && !(part.modelType === "File" && /\.csv$/i.test(part.value)))
      return { why: message("assets.segmentNotCsv", { type: type === "" ? "none" : type }) };
    return packed;
  }
  return undefined;
}

function fileOf(files: PackedFiles, path: string): { readonly pieces: Csv } | undefined {
  const wanted = comparable(path);
  for (const [name, file] of files) if (comparable(name) === wanted) return file;
  return undefined;
}

/** Part names are alike whatever their case, and written with or without a scheme and a slash. */
function comparable(path: string): string {
  return path
    .replace(/^file:/i, "")
    .replace(/^\/+/, "")
    .toLowerCase();
}

/** Takes the samples of the segments into the history; the signals are there. What is there already stays once. `between`: after each batch. */
export async function takeSeries(
  { segments }: CarriedSeries,
  intake: SampleIntake | undefined,
  between: () => Promise<void>,
): Promise<{ readonly samples: number; readonly findings: readonly Finding[] }> {
  let samples = 0;
  const findings: Finding[] = [];
  if (intake === undefined) return { samples, findings };
  for (const segment of segments) {
    const warn = (reason: Message): void => void findings.push(warning(segment.path, "series", reason));
    const batch = new BatchOfRows(intake);
    let [header, timeless]: [RowReader | undefined, number] = [undefined, 0];
    for await (const row of rowsOf(segment)) {
      if (header === undefined) {
        header = new RowReader(row, segment);
        if (header.fault !== undefined) {
          warn(header.fault);
          break;
        }
        continue;
      }
      if (!header.read(row, batch)) timeless++;
      if (batch.count < ROWS_A_BATCH) continue;
      samples += await batch.send();
      await between();
    }
    samples += await batch.send();
    if (timeless > 0) warn(message("assets.recordsWithoutTime", { count: timeless }));
  }
  return { samples, findings };
}

/** The names first, then the values, a list a record. */
async function* rowsOf({ content, columns }: CarriedSegment): AsyncGenerator<readonly string[]> {
  if (typeof content !== "function") {
    const names = columns.map(({ idShort }) => idShort);
    yield names;
    for (const [at, record] of content.entries()) {
      if (at % ROWS_A_BATCH === 0) await turn();
      const held = new Map(
        (record.modelType === "SubmodelElementCollection" ? (record.value ?? []) : []).map((element) => [element.idShort, element]),
      );
      yield names.map((name) => {
        const element = held.get(name);
        return element?.modelType === "Property" ? (element.value ?? "") : "";
      });
    }
    return;
  }
  const [decoder, cutter] = [new TextDecoder(), new LineCutter()];
  let delimiter: string | undefined;
  const rows = function* (lines: string): Generator<readonly string[]> {
    if (lines !== "") yield* parseCsv(lines, (delimiter ??= delimiterOf(lines)));
  };
  for await (const piece of content()) {
    yield* rows(cutter.take(decoder.decode(piece, { stream: true })));
    await turn();
  }
  yield* rows(cutter.take(decoder.decode()) + cutter.rest());
}

/** Cuts text that comes in pieces behind line ends that no quotes hold. */
class LineCutter {
  #held = "";
  /** Where the search for line ends goes on, and whether quotes are open there. */
  #at = 0;
  #isQuoted = false;

  /** Whole lines, about as many as make a piece; else nothing yet. */
  take(text: string): string {
    this.#held += text;
    if (this.#held.length < PIECE) return "";
    let end = 0;
    for (; this.#at < this.#held.length; this.#at++) {
      const code = this.#held.charCodeAt(this.#at);
      if (code === QUOTE) this.#isQuoted = !this.#isQuoted;
      else if (code === LINE_FEED && !this.#isQuoted) end = this.#at + 1;
    }
    const lines = this.#held.slice(0, end);
    this.#held = this.#held.slice(end);
    this.#at -= end;
    return lines;
  }

  rest(): string {
    return this.#held;
  }
}

/** Knows what stands in which column of a segment. */
class RowReader {
  readonly fault: Message | undefined;
  readonly #time: number;
  readonly #values: readonly { readonly at: number; readonly quality: number; readonly signal: SignalRecord }[];
  readonly #unescape: (text: string) => string;

  constructor(names: readonly string[], { columns, signals, content }: CarriedSegment) {
    const place = (name: string | undefined) => names.findIndex((each) => each.trim() === name);
    const times = columns.filter(({ time }) => time !== undefined);
    this.#time = place(times.find(({ idShort, time }) => time === timeSeriesIds.utcTime && place(idShort) >= 0)?.idShort);
    this.#values = [...signals].flatMap(([idShort, signal]) => {
      const at = place(idShort);
      return at < 0 ? [] : [{ at, signal, quality: place(columns.find(({ qualityOf }) => qualityOf === idShort)?.idShort) }];
    });
    this.#unescape = typeof content === "function" ? textOfField : (text) => text;
    const there = names.join(", ").slice(0, 200);
    this.fault =
      this.#time < 0
        ? message("assets.noTimeColumn", { id: timeSeriesIds.utcTime, columns: there })
        : this.#values.length === 0
          ? message("assets.noValueColumn", { columns: there })
          : undefined;
  }

  /** Whether the row has a time. */
  read(row: readonly string[], batch: BatchOfRows): boolean {
    const written = row[this.#time]?.trim() ?? "";
    const isZoned = /(Z|[+-]\d{2}:\d{2})$/i.test(written);
    const { data: time } = /^\d{4}-/.test(written) ? instant.safeParse(isZoned ? written : `${written}Z`) : { data: undefined };
    if (time === undefined) return false;
    for (const { at, quality: told, signal } of this.#values) {
      const text = row[at] ?? "";
      const own = row[told]?.trim() ?? "";
      if (text === "" && own === "") continue;
      batch.add(signal, time, this.#unescape(text), own === "bad" ? quality.bad : own === "uncertain" ? quality.uncertain : quality.good);
    }
    return true;
  }
}

/** Samples on their way into the history. What does not fit the type of its signal becomes bad on the way, like any sample of a plant. */
class BatchOfRows {
  readonly #intake: SampleIntake;
  #rows: { readonly index: number; readonly time: Instant; readonly value: number; readonly text?: string; readonly quality: Quality }[] =
    [];

  constructor(intake: SampleIntake) {
    this.#intake = intake;
  }

  get count(): number {
    return this.#rows.length;
  }

  add({ id, valueType }: SignalRecord, time: Instant, text: string, own: Quality): void {
    const index = this.#intake.indexOf(id);
    if (index === undefined) return;
    const number = own === quality.bad ? Number.NaN : numberOf(text, valueType);
    const isText = own !== quality.bad && Number.isNaN(number) && (valueType === "string" || valueType === "enumeration");
    this.#rows.push({ index, time, value: number, quality: own, ...(isText && { text }) });
  }

  async send(): Promise<number> {
    const rows = this.#rows;
    this.#rows = [];
    if (rows.length === 0) return 0;
    await this.#intake.offer({
      origin: "replayed",
      count: rows.length,
      signals: Uint32Array.from(rows, ({ index }) => index),
      values: Float64Array.from(rows, ({ value }) => value),
      qualities: Uint8Array.from(rows, ({ quality: own }) => own),
      sourceTimes: Float64Array.from(rows, ({ time }) => time),
      serverTimes: new Float64Array(rows.length).fill(this.#intake.now()),
      texts: new Map(rows.flatMap(({ text }, row) => (text === undefined ? [] : [[row, text] as const]))),
    });
    return rows.length;
  }
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** NaN = no number. */
function numberOf(text: string, valueType: SignalRecord["valueType"]): number {
  const plain = text.trim();
  if (valueType === "string") return Number.NaN;
  if (valueType === "boolean" && /^(true|false)$/i.test(plain)) return /^true$/i.test(plain) ? 1 : 0;
  return NUMBER.test(plain) ? Number(plain) : Number.NaN;
}
