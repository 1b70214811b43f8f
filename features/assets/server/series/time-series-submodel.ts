import { semanticIds } from "@doppelwerk/aas";
import type {
  Extension,
  Operation,
  Property,
  Range,
  Reference,
  Submodel,
  SubmodelElement,
  SubmodelElementCollection,
  ValueType,
} from "@doppelwerk/aas";
import type { Extent, Instant, RecordId, SignalRecord } from "@doppelwerk/world";

// IDTA 02008-1-1, Time Series Data: the signals of an asset as one submodel. What was measured stays in the historian and is linked, never copied.

/** The signals of one shell side by side: the columns of a record. */
export interface SeriesColumn {
  /** Name of the property in a record. */
  readonly idShort: string;
  readonly signal: SignalRecord;
}

/** Names the signal of a column, on the property of the record that describes it. */
const SIGNAL_EXTENSION = "Signal";
/** Says that a column holds states by number or word: the metamodel has no type for that. */
const TYPE_EXTENSION = "SignalType";
/** Names the column whose quality a column tells. */
const QUALITY_EXTENSION = "QualityOf";

export const timeSeriesIds = {
  readSegments: ofTemplate("ReadSegments"),
  readRecords: ofTemplate("ReadRecords"),
  deriveSegment: ofTemplate("DeriveSegment"),
  timespan: ofTemplate("Timespan"),
  aggregationMethod: ofTemplate("AggregationMethod"),
  samplingInterval: ofTemplate("Segment/SamplingInterval"),
  startTime: ofTemplate("Segment/StartTime"),
  utcTime: ofTemplate("UtcTime"),
  taiTime: ofTemplate("TaiTime"),
  relativePointInTime: ofTemplate("RelativePointInTime"),
  relativeTimeDuration: ofTemplate("RelativeTimeDuration"),
  externalSegment: ofTemplate("Segments/ExternalSegment"),
  internalSegment: ofTemplate("Segments/InternalSegment"),
} as const;

/** Semantic id of a part of the template. */
function ofTemplate(name: string): string {
  return semanticIds.timeSeries.replace(/\/1\/1$/, `/${name}/1/1`);
}

/** Id of the submodel with the series of a shell. */
export function timeSeriesOf(shellId: string): string {
  return `${shellId}/time-series`;
}

/**
 * Columns for signals: the role, else the name of each as an idShort (AASd-002), distinguished by a number where two are alike.
 * A signal that `known` names keeps that name, whatever it is called by now.
 */
export function columnsOf(signals: readonly SignalRecord[], known: ReadonlyMap<RecordId, string>): readonly SeriesColumn[] {
  const taken = new Set(known.values());
  return signals.map((signal) => {
    const kept = known.get(signal.id);
    if (kept !== undefined) return { idShort: kept, signal };
    const request = idShortOf(signal.role ?? signal.name);
    let idShort = request;
    for (let next = 2; taken.has(idShort); next++) idShort = `${request}_${next}`;
    taken.add(idShort);
    return { idShort, signal };
  });
}

/** Letters that a metamodel name cannot have are left out; a name without any is `Value`. `Time00` is the time of a record. */
function idShortOf(text: string): string {
  const plain = text
    .replaceAll(/[^a-zA-Z0-9]+/g, "_")
    .replace(/^[^a-zA-Z]+/, "")
    .replace(/_+$/, "")
    .slice(0, 100);
  return plain.length < 2 || /^time\d*$/i.test(plain) ? `Value${plain === "" ? "" : `_${plain}`}` : plain;
}

/** Signal → name of its column, as a submodel of series says it; empty for any other submodel. */
export function signalsOfSubmodel(submodel: Submodel | undefined): ReadonlyMap<RecordId, string> {
  const record = part(part(submodel?.submodelElements, "Metadata"), "Record");
  const named = new Map<RecordId, string>();
  for (const { extensions, idShort } of record ?? []) {
    const signal = extensions?.find(({ name }) => name === SIGNAL_EXTENSION)?.value;
    if (signal !== undefined && idShort !== undefined) named.set(signal, idShort);
  }
  return named;
}

function part(elements: readonly SubmodelElement[] | undefined, idShort: string): readonly SubmodelElement[] | undefined {
  const found = elements?.find((element) => element.idShort === idShort);
  return found?.modelType === "SubmodelElementCollection" ? found.value : undefined;
}

/** What else stands in a submodel of series: columns that are no signal's, and segments that were brought, with their records or files. */
export interface SeriesBeside {
  readonly columns: readonly SubmodelElement[];
  readonly segments: readonly SubmodelElement[];
}

/** What a submodel of series holds beside what is written here. */
export function besideIn(submodel: Submodel | undefined): SeriesBeside {
  const record = part(part(submodel?.submodelElements, "Metadata"), "Record") ?? [];
  const segments = part(submodel?.submodelElements, "Segments") ?? [];
  return {
    columns: record.filter((column) => column.idShort !== "Time00" && extensionOf(column, SIGNAL_EXTENSION) === undefined),
    segments: segments.filter(({ idShort }) => idShort !== "LinkedSegment"),
  };
}

/** The submodel of a shell's series: what a record holds, one segment that goes on in the historian, and the operations that read it. */
export function timeSeriesSubmodel(
  shell: { readonly id: string; readonly idShort?: string },
  columns: readonly SeriesColumn[],
  first: Instant | undefined,
  endpoint: string,
  beside: SeriesBeside = { columns: [], segments: [] },
): Submodel {
  const named = [{ language: "en", text: `Series of ${shell.idShort ?? shell.id}` }];
  return {
    modelType: "Submodel",
    id: timeSeriesOf(shell.id),
    idShort: "TimeSeries",
    semanticId: external(semanticIds.timeSeries),
    submodelElements: [
      collection("Metadata", "Metadata", [
        { modelType: "MultiLanguageProperty", idShort: "Name", semanticId: external(ofTemplate("Metadata/Name")), value: named },
        collection("Record", "Record", [timeProperty(undefined), ...columns.map((column) => describedColumn(column)), ...beside.columns]),
      ]),
      collection("Segments", "Segments", [linkedSegment(columns, first, endpoint), ...beside.segments]),
      operation("ReadSegments", timeSeriesIds.readSegments, [timespan], "Segment"),
      operation("ReadRecords", timeSeriesIds.readRecords, [timespan], "Records"),
      operation(
        "DeriveSegment",
        timeSeriesIds.deriveSegment,
        [timespan, input("SamplingInterval", timeSeriesIds.samplingInterval), input("AggregationMethod", timeSeriesIds.aggregationMethod)],
        "Segments",
      ),
    ],
  };
}

/** The segment that everything measured goes into: it has a beginning, and no end or count that would be wrong a moment later. */
function linkedSegment(columns: readonly SeriesColumn[], first: Instant | undefined, endpoint: string): SubmodelElementCollection {
  const query = `signals=${columns.map(({ signal }) => signal.id).join(",")}&layout=long&format=csv`;
  return collection("LinkedSegment", "Segments/LinkedSegment", [
    ...(first === undefined ? [] : [property("StartTime", "xs:string", isoOf(first), "Segment/StartTime")]),
    property("State", "xs:string", "in progress", "Segment/State"),
    property("Endpoint", "xs:string", endpoint, "Endpoint"),
    property("Query", "xs:string", query, "Query"),
  ]);
}

/** What a stretch of the historian holds, as the answer of ReadSegments. */
export function segmentOf(columns: readonly SeriesColumn[], extent: Extent | undefined, endpoint: string): SubmodelElementCollection {
  const known = extent === undefined || extent.count === 0 ? undefined : extent;
  const segment = linkedSegment(columns, known?.first, endpoint);
  const more =
    known === undefined
      ? [property("RecordCount", "xs:long", "0", "Segment/RecordCount")]
      : [
          property("RecordCount", "xs:long", String(known.count), "Segment/RecordCount"),
          property("EndTime", "xs:string", isoOf(known.last), "Segment/EndTime"),
        ];
  return { ...segment, value: [...(segment.value ?? []), ...more] };
}

/** One record: a time and what was measured at it. A column without a value is left out: unknown, never zero. */
export interface SeriesRecord {
  readonly time: Instant;
  /** By column; lexical, with the word of the quality where it is not good. */
  readonly values: readonly ({ readonly value: string; readonly quality?: "uncertain" } | undefined)[];
}

/** `Records` of the template. */
export function recordsOf(columns: readonly SeriesColumn[], records: readonly SeriesRecord[]): SubmodelElementCollection {
  const width = Math.max(2, String(records.length).length);
  return collection(
    "Records",
    "Records",
    records.map(({ time, values }, row) =>
      collection(`Record${String(row).padStart(width, "0")}`, "Record", [
        timeProperty(isoOf(time)),
        ...values.flatMap((held, at) => (held === undefined ? [] : [measured(columns[at]!, held)])),
      ]),
    ),
  );
}

/** A stretch with its records inside, as the answer of DeriveSegment. */
export function internalSegment(
  columns: readonly SeriesColumn[],
  records: readonly SeriesRecord[],
  intervalS: number,
): SubmodelElementCollection {
  const [first, last] = [records[0], records.at(-1)];
  return collection("InternalSegment", "Segments/InternalSegment", [
    property("RecordCount", "xs:long", String(records.length), "Segment/RecordCount"),
    ...(first === undefined ? [] : [property("StartTime", "xs:string", isoOf(first.time), "Segment/StartTime")]),
    ...(last === undefined ? [] : [property("EndTime", "xs:string", isoOf(last.time), "Segment/EndTime")]),
    ...(Number.isInteger(intervalS) ? [property("SamplingInterval", "xs:long", String(intervalS), "Segment/SamplingInterval")] : []),
    property("State", "xs:string", "completed", "Segment/State"),
    recordsOf(columns, records),
  ]);
}

/** A stretch whose records stand in a file of the package. `path` is its part name. */
export function externalSegment(
  idShort: string,
  { records, first, last }: { readonly records: number; readonly first: Instant; readonly last: Instant },
  path: string,
): SubmodelElementCollection {
  return {
    ...collection("ExternalSegment", "Segments/ExternalSegment", [
      property("RecordCount", "xs:long", String(records), "Segment/RecordCount"),
      property("StartTime", "xs:string", isoOf(first), "Segment/StartTime"),
      property("EndTime", "xs:string", isoOf(last), "Segment/EndTime"),
      property("State", "xs:string", "completed", "Segment/State"),
      { modelType: "File", idShort: "File", semanticId: external(ofTemplate("File")), contentType: "text/csv", value: path },
    ]),
    idShort,
  };
}

/** Describes the column that tells the quality of another one: empty where a value is good. */
export function qualityColumn(idShort: string, of: string): Property {
  return {
    modelType: "Property",
    idShort,
    description: [{ language: "en", text: `Quality of ${of}: good, uncertain or bad; empty = good` }],
    valueType: "xs:string",
    extensions: [{ name: QUALITY_EXTENSION, valueType: "xs:string", value: of }],
  };
}

/** What a property of the record of any submodel of series says of its column. */
export interface DescribedColumn {
  readonly idShort: string;
  readonly valueType: SignalRecord["valueType"];
  readonly name: string;
  readonly unit?: string;
  /** The signal it was written from, here or elsewhere. */
  readonly signal?: RecordId;
  readonly qualityOf?: string;
  /** Semantic id of the template where it is a time. */
  readonly time?: string;
  readonly concept?: string;
}

/** The columns that a submodel of series describes, times among them. */
export function describedColumns(submodel: Submodel): readonly DescribedColumn[] {
  const record = part(part(submodel.submodelElements, "Metadata"), "Record") ?? [];
  const times: readonly string[] = [
    timeSeriesIds.utcTime,
    timeSeriesIds.taiTime,
    timeSeriesIds.relativePointInTime,
    timeSeriesIds.relativeTimeDuration,
  ];
  return record.flatMap((column): DescribedColumn[] => {
    if (column.modelType !== "Property" || column.idShort === undefined) return [];
    const concept = column.semanticId?.keys.at(-1)?.value;
    const unit = column.qualifiers?.find(({ type }) => type.toLowerCase() === "unit")?.value;
    const time = times.find((id) => id === concept) ?? (/^time\d*$/i.test(column.idShort) ? timeSeriesIds.utcTime : undefined);
    const [signal, qualityOf] = [extensionOf(column, SIGNAL_EXTENSION), extensionOf(column, QUALITY_EXTENSION)];
    return [
      {
        idShort: column.idShort,
        valueType: extensionOf(column, TYPE_EXTENSION) === "enumeration" ? "enumeration" : signalTypeOf(column.valueType),
        name: column.displayName?.find(({ language }) => language === "en")?.text ?? column.displayName?.[0]?.text ?? column.idShort,
        ...(unit === undefined || unit === "" ? {} : { unit }),
        ...(signal === undefined ? {} : { signal }),
        ...(qualityOf === undefined ? {} : { qualityOf }),
        ...(time === undefined ? {} : { time }),
        ...(concept === undefined ? {} : { concept }),
      },
    ];
  });
}

/** The segments of any submodel of series that carry their records: within, or in a file. */
export function carryingSegments(submodel: Submodel): readonly SubmodelElementCollection[] {
  return (part(submodel.submodelElements, "Segments") ?? []).filter(
    (element): element is SubmodelElementCollection =>
      element.modelType === "SubmodelElementCollection" &&
      [timeSeriesIds.externalSegment, timeSeriesIds.internalSegment].includes(element.semanticId?.keys.at(-1)?.value as never),
  );
}

function signalTypeOf(valueType: ValueType): SignalRecord["valueType"] {
  if (/^xs:(double|float|decimal)$/.test(valueType)) return "double";
  if (valueType === "xs:boolean") return "boolean";
  return /^xs:(.*integer|long|int|short|byte|unsigned.*)$/i.test(valueType) ? "integer" : "string";
}

function extensionOf({ extensions }: SubmodelElement, name: string): string | undefined {
  return extensions?.find((extension) => extension.name === name)?.value;
}

function measured({ idShort, signal }: SeriesColumn, held: { readonly value: string; readonly quality?: "uncertain" }): Property {
  const marks: Extension[] = held.quality === undefined ? [] : [{ name: "LiveQuality", valueType: "xs:string", value: held.quality }];
  return {
    modelType: "Property",
    idShort,
    valueType: valueTypeOf(signal),
    value: held.value,
    ...(marks.length > 0 && { extensions: marks }),
  };
}

function describedColumn({ idShort, signal }: SeriesColumn): Property {
  const text = signal.unit === undefined ? signal.name : `${signal.name} [${signal.unit}]`;
  return {
    modelType: "Property",
    idShort,
    displayName: [
      { language: "en", text: signal.name.slice(0, 128) },
      ...Object.entries(signal.names ?? {})
        .filter(([language]) => language !== "en")
        .map(([language, name]) => ({ language, text: name.slice(0, 128) })),
    ],
    description: [{ language: "en", text: text.slice(0, 1_000) }],
    valueType: valueTypeOf(signal),
    ...(signal.unit === undefined
      ? {}
      : { qualifiers: [{ type: "Unit", kind: "ConceptQualifier" as const, valueType: "xs:string" as const, value: signal.unit }] }),
    extensions: [
      { name: SIGNAL_EXTENSION, valueType: "xs:string", value: signal.id },
      ...(signal.valueType === "enumeration" ? [{ name: TYPE_EXTENSION, valueType: "xs:string" as const, value: signal.valueType }] : []),
    ],
  };
}

/** States are recorded by their integer or by their word, whichever the plant sent. */
function valueTypeOf({ valueType }: SignalRecord): ValueType {
  const types = { double: "xs:double", integer: "xs:long", enumeration: "xs:string", boolean: "xs:boolean", string: "xs:string" } as const;
  return types[valueType];
}

function timeProperty(value: string | undefined): Property {
  return {
    modelType: "Property",
    idShort: "Time00",
    semanticId: external(ofTemplate("UtcTime")),
    valueType: "xs:dateTime",
    ...(value !== undefined && { value }),
  };
}

const timespan: Range = { modelType: "Range", idShort: "Timespan", semanticId: external(ofTemplate("Timespan")), valueType: "xs:dateTime" };

function input(idShort: string, semanticId: string): Property {
  return { modelType: "Property", idShort, semanticId: external(semanticId), valueType: "xs:string" };
}

function operation(idShort: string, semanticId: string, inputs: readonly SubmodelElement[], output: string): Operation {
  return {
    modelType: "Operation",
    idShort,
    semanticId: external(semanticId),
    inputVariables: inputs.map((value) => ({ value })),
    outputVariables: [{ value: { modelType: "SubmodelElementCollection", idShort: output } }],
  };
}

function collection(idShort: string, template: string, value: readonly SubmodelElement[]): SubmodelElementCollection {
  const semanticId = external(ofTemplate(template));
  return value.length === 0
    ? { modelType: "SubmodelElementCollection", idShort, semanticId }
    : { modelType: "SubmodelElementCollection", idShort, semanticId, value };
}

function property(idShort: string, valueType: ValueType, value: string, template: string): Property {
  return { modelType: "Property", idShort, semanticId: external(ofTemplate(template)), valueType, value };
}

function external(value: string): Reference {
  return { type: "ExternalReference", keys: [{ type: "GlobalReference", value }] };
}

/** ISO 8601, UTC, to the microsecond. */
function isoOf(instant: Instant): string {
  const text = new Date(Math.floor(instant / 1_000)).toISOString();
  const beyond = String(instant % 1_000).padStart(3, "0");
  return beyond === "000" ? text : text.replace("Z", `${beyond}Z`);
}
