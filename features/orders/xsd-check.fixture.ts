import { gunzipSync } from "node:zlib";
import { parseXml, type XmlElement } from "@doppelwerk/aas";

// A validator for the part of XML Schema that B2MML uses: sequences, choices, groups, cardinality, enumerations and required content. Not a complete one.

const XSD = "http://www.w3.org/2001/XMLSchema";

/** Texts of the files of a `.tar.gz`, by name. */
export function unpacked(archive: Uint8Array): ReadonlyMap<string, string> {
  const bytes = gunzipSync(archive);
  const files = new Map<string, string>();
  for (let at = 0; at + 512 <= bytes.length;) {
    const field = (from: number, length: number) => bytes.toString("utf8", at + from, at + from + length).replace(/\0.*$/s, "");
    const name = field(0, 100);
    if (name === "") break;
    const size = Number.parseInt(field(124, 12), 8) || 0;
    files.set(name, bytes.toString("utf8", at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

interface Particle {
  readonly kind: "element" | "sequence" | "choice";
  readonly name?: string;
  readonly type?: string;
  readonly min: number;
  readonly max: number;
  readonly items: readonly Particle[];
}

export class Schemas {
  readonly #types = new Map<string, XmlElement>();
  readonly #elements = new Map<string, string>();

  constructor(files: ReadonlyMap<string, string>) {
    for (const [name, text] of files) {
      if (!/B2MML-.*\.xsd$/.test(name) || name.includes("Extensions")) continue;
      const root = parseXml(text.replace(/^\uFEFF/, ""));
      if (!("children" in root)) throw new Error(`${name} is no XML`);
      for (const child of root.children) {
        if (child.name === "complexType" || child.name === "simpleType") this.#types.set(child.attributes["name"]!, child);
        if (child.name === "element") this.#elements.set(child.attributes["name"]!, child.attributes["type"]!);
      }
    }
  }

  /** What is wrong with a document; empty: nothing. */
  findings(text: string): readonly string[] {
    const root = parseXml(text);
    if (!("children" in root)) return [`no XML: ${root.message}`];
    const type = this.#elements.get(root.name);
    const found: string[] = [];
    if (type === undefined) found.push(`there is no element ${root.name}`);
    else this.#check(root, type, root.name, found);
    return found;
  }

  #check(element: XmlElement, typeName: string, path: string, found: string[]): void {
    const type = this.#types.get(typeName);
    if (type === undefined) {
      if (!typeName.startsWith("xsd:")) found.push(`${path}: there is no type ${typeName}`);
      return;
    }
    const particle = this.#contentOf(type);
    if (particle === undefined) {
      if (element.children.length > 0) found.push(`${path}: has elements, ${typeName} is a text`);
      const allowed = this.#valuesOf(typeName);
      if (allowed.length > 0 && !allowed.includes(element.text.trim()))
        found.push(`${path}: "${element.text}" is none of ${allowed.join(", ")}`);
      return;
    }
    const rest = this.#take(particle, element.children, 0, path, found);
    if (rest < element.children.length) found.push(`${path}: ${element.children[rest]!.name} is not expected there`);
  }

  /** Index behind what the particle takes. */
  #take(particle: Particle, children: readonly XmlElement[], from: number, path: string, found: string[]): number {
    let at = from;
    let count = 0;
    while (count < particle.max) {
      const next = this.#once(particle, children, at, path, found);
      if (next === undefined) break;
      const isStill = next === at;
      at = next;
      count++;
      if (isStill) break;
    }
    if (count < particle.min) found.push(`${path}: ${particle.name ?? particle.kind} is missing`);
    return at;
  }

  /** Undefined where it is not there. */
  #once(particle: Particle, children: readonly XmlElement[], at: number, path: string, found: string[]): number | undefined {
    if (particle.kind === "element") {
      const child = children[at];
      if (child?.name !== particle.name) return undefined;
      this.#check(child!, particle.type!, `${path}/${particle.name}`, found);
      return at + 1;
    }
    if (particle.kind === "choice") {
      for (const item of particle.items) {
        const tried: string[] = [];
        const next = this.#take(item, children, at, path, tried);
        if (tried.length === 0 && next > at) return next;
      }
      return undefined;
    }
    let next = at;
    for (const item of particle.items) next = this.#take(item, children, next, path, found);
    return next;
  }

  #contentOf(type: XmlElement): Particle | undefined {
    const inner = type.children.find(({ name, namespace }) => namespace === XSD && (name === "sequence" || name === "choice"));
    if (inner !== undefined) return this.#particleOf(inner);
    const extension = type.children.find(({ name }) => name === "complexContent")?.children.find(({ name }) => name === "extension");
    if (extension === undefined) return undefined;
    const base = this.#types.get(extension.attributes["base"]!);
    const items = [base && this.#contentOf(base), this.#contentOf(extension)].filter((each) => each !== undefined);
    return { kind: "sequence", min: 1, max: 1, items };
  }

  #particleOf(element: XmlElement): Particle {
    const { minOccurs = "1", maxOccurs = "1", name, type } = element.attributes;
    const max = maxOccurs === "unbounded" ? Number.POSITIVE_INFINITY : Number(maxOccurs);
    if (element.name === "element") return { kind: "element", name: name!, type: type ?? "", min: Number(minOccurs), max, items: [] };
    const items = element.children
      .filter((child) => ["element", "sequence", "choice"].includes(child.name))
      .map((child) => this.#particleOf(child));
    return { kind: element.name as "sequence" | "choice", min: Number(minOccurs), max, items };
  }

  /** Values that a text may have; empty: any. Types with an attribute for other values are extensions of lists. */
  #valuesOf(typeName: string): readonly string[] {
    const simple = this.#types.get(typeName)?.children.find(({ name }) => name === "simpleContent");
    const inner = simple?.children[0];
    if (inner === undefined) return [];
    const own = inner.children.filter(({ name }) => name === "enumeration").map(({ attributes }) => attributes["value"]!);
    const base = inner.attributes["base"]!;
    return own.length > 0 ? own : base === typeName ? [] : this.#valuesOf(base);
  }
}
