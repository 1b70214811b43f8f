import { isMessage, message, type Message } from "@doppelwerk/messages";

/** What a field identifier begins with: where its values are looked for. */
export type FieldRoot = "aas" | "sm" | "sme" | "cd" | "aasdesc" | "smdesc";

/** A place in a list: a number, or any. */
export type ListIndex = number | "any";

/** One idShort of a path below a submodel, and the list places that follow it: `Documents[0][]`. */
export interface PathStep {
  readonly idShort: string;
  readonly indexes: readonly ListIndex[];
}

/** One name of an attribute declaration; with `index` what it names is a list. */
export interface AttributeStep {
  readonly name: string;
  readonly index?: ListIndex;
}

/** A parsed field identifier (IDTA-01002 3.1, Query Language, "Identification of Fields"). */
export interface Field {
  readonly text: string;
  readonly root: FieldRoot;
  /** Only below `$sme`; empty = any element at any depth. */
  readonly path: readonly PathStep[];
  /** The path begins at the submodel; otherwise at any of its elements. */
  readonly isFromSubmodel?: true;
  /** Shortcuts are written out: `semanticId` is `semanticId.keys[0].value`. */
  readonly attribute: readonly AttributeStep[];
}

/** What an attribute may go on with; `list` = it is a list, `shortcut` = what is meant when it ends here. */
interface Shape {
  readonly list?: boolean;
  readonly fields?: Readonly<Record<string, Shape>>;
  readonly shortcut?: readonly AttributeStep[];
}

const LEAF: Shape = {};
const REFERENCE: Shape = {
  fields: { type: LEAF, keys: { list: true, fields: { type: LEAF, value: LEAF } } },
  shortcut: [{ name: "keys", index: 0 }, { name: "value" }],
};
const SPECIFIC_ASSET_IDS: Shape = { list: true, fields: { name: LEAF, value: LEAF, externalSubjectId: REFERENCE } };
const PROTOCOL: Shape = { fields: { href: LEAF } };
/** The grammar of 3.1 writes `protocolinformation`, the descriptor itself `protocolInformation`. */
const ENDPOINTS: Shape = { list: true, fields: { interface: LEAF, protocolinformation: PROTOCOL, protocolInformation: PROTOCOL } };
/** `supplementalSemanticIds` came with the 3.2 draft. */
const SEMANTICS: Readonly<Record<string, Shape>> = { semanticId: REFERENCE, supplementalSemanticIds: { ...REFERENCE, list: true } };
const SUBMODEL_DESCRIPTOR = { ...SEMANTICS, idShort: LEAF, id: LEAF, endpoints: ENDPOINTS };

const SHAPES: Readonly<Record<FieldRoot, Shape>> = {
  aas: {
    fields: {
      idShort: LEAF,
      id: LEAF,
      assetInformation: { fields: { assetKind: LEAF, assetType: LEAF, globalAssetId: LEAF, specificAssetIds: SPECIFIC_ASSET_IDS } },
      submodels: { ...REFERENCE, list: true },
    },
  },
  sm: { fields: { ...SEMANTICS, idShort: LEAF, id: LEAF } },
  sme: { fields: { ...SEMANTICS, idShort: LEAF, value: LEAF, valueType: LEAF, language: LEAF } },
  cd: { fields: { idShort: LEAF, id: LEAF } },
  aasdesc: {
    fields: {
      idShort: LEAF,
      id: LEAF,
      assetKind: LEAF,
      assetType: LEAF,
      globalAssetId: LEAF,
      specificAssetIds: SPECIFIC_ASSET_IDS,
      endpoints: ENDPOINTS,
      submodelDescriptors: { list: true, fields: SUBMODEL_DESCRIPTOR },
    },
  },
  smdesc: { fields: SUBMODEL_DESCRIPTOR },
};

const MAX_STEPS = 64;
const MAX_LENGTH = 2_048;
const stepPattern = /^([A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)((?:\[[0-9]{0,9}\])*)$/;

/** The field that a text identifies, or the reason why it identifies none. */
export function parseField(text: string): Field | Message {
  if (text.length > MAX_LENGTH) return message("aas.query.fieldTooLong", { max: MAX_LENGTH });
  const parts = /^\$(aasdesc|smdesc|aas|sme|sm|cd)((?:\.[^#]*)?)#([^#]+)$/.exec(text);
  if (parts === null) return message("aas.query.noField", { field: text.slice(0, 100) });
  const root = parts[1] as FieldRoot;
  if (parts[2] !== "" && root !== "sme") return message("aas.query.pathOnlyOfElement", { field: text.slice(0, 100) });
  const path: PathStep[] = [];
  for (const step of parts[2] === "" ? [] : parts[2]!.slice(1).split(".")) {
    const read = stepOf(step);
    if (read === undefined) return message("aas.query.noStep", { step: step.slice(0, 100) });
    path.push({ idShort: read.name, indexes: read.indexes });
  }
  if (path.length > MAX_STEPS) return message("aas.query.pathTooLong", { max: MAX_STEPS });
  // The tables of 3.1 write the name of the asset information twice, the grammar once, and the text of Part 4 writes it for descriptors too.
  const attribute = attributeOf(
    root,
    parts[3]!.replace(root === "aasdesc" ? /^assetInformation\./ : /^assetInformation\.(?=assetInformation\.)/, ""),
  );
  return isMessage(attribute) ? attribute : { text, root, path, attribute };
}

function attributeOf(root: FieldRoot, text: string): readonly AttributeStep[] | Message {
  let shape = SHAPES[root];
  const steps: AttributeStep[] = [];
  for (const part of text.split(".")) {
    const read = stepOf(part);
    const next = read && shape.fields !== undefined && Object.hasOwn(shape.fields, read.name) ? shape.fields[read.name] : undefined;
    if (read === undefined || next === undefined || read.indexes.length > (next.list ? 1 : 0))
      return message("aas.query.noAttribute", {
        root: `$${root}`,
        attribute: text.slice(0, 100),
        path: steps.map(({ name }) => name).join(".") || `$${root}#`,
        attributes: Object.keys(shape.fields ?? {}).join(", ") || "–",
      });
    steps.push(next.list ? { name: read.name, index: read.indexes[0] ?? "any" } : { name: read.name });
    shape = next;
  }
  if (shape.shortcut !== undefined) return [...steps, ...shape.shortcut];
  return shape.fields === undefined
    ? steps
    : message("aas.query.noValue", { attribute: text.slice(0, 100), attributes: Object.keys(shape.fields).join(", ") });
}

function stepOf(text: string): { readonly name: string; readonly indexes: readonly ListIndex[] } | undefined {
  const parts = stepPattern.exec(text);
  if (parts === null) return undefined;
  const indexes = [...parts[2]!.matchAll(/\[([0-9]*)\]/g)].map(([, digits]): ListIndex => (digits === "" ? "any" : Number(digits)));
  return { name: parts[1]!, indexes };
}
