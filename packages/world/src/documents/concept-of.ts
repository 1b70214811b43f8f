import { recordOfAasId } from "./document-of-records.ts";
import type { Json, WorldRecord } from "../record.ts";
import type { RecordReader } from "../world.ts";

type Texts = readonly { readonly language?: string; readonly text?: string }[];

interface Described {
  readonly semanticId?: { readonly keys?: readonly { readonly value?: string }[] };
  readonly embeddedDataSpecifications?: readonly {
    readonly dataSpecificationContent?: { readonly unit?: string; readonly preferredName?: Texts };
  }[];
  readonly qualifiers?: readonly { readonly type?: string; readonly value?: string }[];
  readonly extensions?: readonly { readonly name?: string; readonly value?: string }[];
}

/** What the concept of an element says of it; the element's own data specification comes first. */
function contentsOf(reader: RecordReader, record: WorldRecord): readonly { readonly unit?: string; readonly preferredName?: Texts }[] {
  const body = record["body"] as Described | undefined;
  const concept = body?.semanticId?.keys?.at(-1)?.value;
  const described = concept === undefined ? undefined : recordOfAasId(reader, "conceptDescription", concept);
  return [body, described?.body as Described | undefined].flatMap((each) =>
    (each?.embeddedDataSpecifications ?? []).flatMap(({ dataSpecificationContent: content }) => (content === undefined ? [] : [content])),
  );
}

/** The unit of an element: its own qualifier or extension `Unit`, else that of its data specification or of the concept it names; "" = none. */
export function unitOf(reader: RecordReader, record: WorldRecord): string {
  const body = record["body"] as Described | undefined;
  const said = (name: string | undefined) => name?.toLowerCase() === "unit";
  return (
    body?.qualifiers?.find(({ type }) => said(type))?.value ??
    body?.extensions?.find(({ name }) => said(name))?.value ??
    contentsOf(reader, record).find(({ unit }) => unit !== undefined && unit !== "")?.unit ??
    ""
  );
}

/** The preferred name of the concept an element names, as the description has it; undefined = none. */
export function conceptNameOf(reader: RecordReader, record: WorldRecord): Json | undefined {
  return contentsOf(reader, record).find(({ preferredName }) => preferredName !== undefined)?.preferredName as Json | undefined;
}
